import { approvesAll } from '../../engine/plan/approvals';
import { findPrerequisites } from '../../engine/plan/findPrerequisites';
import type { Plan, RunRequest } from '../../engine/types';
import { decodeSource } from '../../runbook/decode';
import { parseRunbook } from '../../runbook/parseRunbook';
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
  const states = await withHistory(call, store =>
    there.map(one => store.list({ limit: 1, file: one.file }).runs[0]?.state),
  );
  return there.map((one, at) => ({ ...one, last: states?.[at] })).filter(({ last }) => last !== 'passed');
}

/** Inputs and approvals by name are another runbook's. */
function alone(request: RunRequest, file: string): RunRequest {
  const approved = (request.approved ?? []).filter(name => name === approvesAll);
  return { ...request, file, text: decodeSource(readNamedFile(file)), inputs: {}, approved };
}
