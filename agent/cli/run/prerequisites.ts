import { approvesAll } from '../../engine/plan/approvals';
import { findPrerequisites } from '../../engine/plan/findPrerequisites';
import type { Plan, RunRequest } from '../../engine/types';
import { realPath } from '../../realPath';
import { decodeSource } from '../../runbook/decode';
import { parseRunbook } from '../../runbook/parseRunbook';
import type { RunStore } from '../../store/types';
import type { Call } from '../call';
import { exitCodes } from '../exitCodes';
import { withHistory } from '../history/openHistory';
import { readNamedFile } from '../readNamedFile';
import { plain, sayPath } from '../terminal/words';
import type { Keyboard } from './keyboard';

/**
 * What should have been run before a whole runbook and has not passed the last time is offered to be run first; where
 * nobody is there it is said. Gives the exit code where the runbook is not run: Enter runs nothing. `start` runs one.
 */
export async function prerequisitesFirst(
  call: Call,
  keyboard: Pick<Keyboard, 'ask'> | undefined,
  request: RunRequest,
  start: (request: RunRequest) => Promise<number>,
): Promise<number | undefined> {
  const due = await dueBefore(call, request);
  if (due.length === 0) return undefined;
  const write = (text: string): void => void call.terminal.stderr.write(text);
  write('should have been run before:\n');
  for (const { file, last } of due) {
    const shown = plain(sayPath(file, call.cwd));
    write(`  ${shown}  ${last === undefined ? 'never run' : `last time ${last}`}: handrail run ${shown}\n`);
  }
  if (keyboard === undefined || request.approved?.includes(approvesAll) === true) return undefined;
  const answer = await keyboard.ask('Run them first (f), go on without them (g), or run nothing (Enter)? ');
  if (/^g$/i.test(answer.trim())) return undefined;
  if (!/^f$/i.test(answer.trim())) {
    write('cancelled by you: nothing was run\n');
    return exitCodes.cancelled;
  }
  for (const { file } of due) {
    const exit = await start(alone(request, file));
    if (exit !== exitCodes.passed) return exit;
  }
  return undefined;
}

type Due = Plan['prerequisites'][number] & { readonly last: string | undefined };

async function dueBefore(call: Call, { file, text }: RunRequest): Promise<Due[]> {
  const { there } = findPrerequisites({ file, runbook: parseRunbook(text) });
  if (there.length === 0) return [];
  const found = await withHistory(call, store => new Search(store).before(there, file));
  return found ?? new Search(undefined).before(there, file);
}

/** Follows prerequisites to their own; what has passed is not looked into. */
class Search {
  readonly #store: Pick<RunStore, 'list'> | undefined;
  readonly #seen = new Set<string>();

  constructor(store: Pick<RunStore, 'list'> | undefined) {
    this.#store = store;
  }

  /** Those of `file` in the order they are to be run, each once. */
  before(prerequisites: Plan['prerequisites'], file: string): Due[] {
    this.#seen.add(realPath(file));
    return prerequisites.flatMap(one => {
      const last = this.#store?.list({ limit: 1, file: one.file }).runs[0]?.state;
      if (last === 'passed' || this.#seen.has(realPath(one.file))) return [];
      const runbook = parseRunbook(textOf(one.file));
      return [
        ...this.before(findPrerequisites({ file: one.file, runbook }).there, one.file),
        { ...one, last },
      ];
    });
  }
}

/** Of one that cannot be read whoever runs it is told. */
function textOf(file: string): string {
  try {
    return decodeSource(readNamedFile(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return '';
  }
}

/** Inputs and approvals by name are another runbook's. */
function alone(request: RunRequest, file: string): RunRequest {
  const approved = (request.approved ?? []).filter(name => name === approvesAll);
  return { ...request, file, text: decodeSource(readNamedFile(file)), inputs: {}, approved };
}
