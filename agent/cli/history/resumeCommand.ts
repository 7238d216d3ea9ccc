import { existsSync } from 'node:fs';
import type { RunRequest } from '../../engine/types';
import { HandrailError } from '../../protocol/errors';
import type { RunRecord } from '../../protocol/runs';
import { UsageError, type Action, type Call } from '../call';
import { openKeyboard } from '../run/keyboard';
import { pipedPath, readRunbook } from '../run/readRunbook';
import { carryOut } from '../run/runCommand';
import { runRequest } from '../run/runRequest';
import { findRun, noSuchRun, withHistory } from './openHistory';

/** `handrail resume RUN`: goes on from the failed step; `--all`: everything again; `--undo`: the rollback cells. */
export const resumeCommand: Action = async call => {
  const [id = 'last'] = call.args;
  const run = await withHistory(call, store => findRun(store, id));
  if (run === undefined) throw noSuchRun(id);
  const request = await continued(call, run);
  const keyboard = call.terminal.attended ? openKeyboard() : undefined;
  try {
    return await carryOut(call, request, keyboard);
  } finally {
    keyboard?.close();
  }
};

async function continued(call: Call, run: RunRecord): Promise<RunRequest> {
  const how = howOf(call);
  if (run.state === 'running') {
    throw new HandrailError('invalidState', `Run ${run.id} goes on. To follow it: handrail attach ${run.id}`);
  }
  if (run.state === 'passed' && how === 'resume') {
    throw new HandrailError(
      'invalidState',
      `Run ${run.id} passed, so there is nothing to go on with. All of it again: handrail resume --all ${run.id}`,
    );
  }
  if (wasPiped(run)) throw new UsageError(wordPiped(run));
  const file = await readRunbook(run.file, call.cwd);
  return {
    ...(await runRequest(call, file, [])),
    selection: { kind: 'all' },
    continues: { run: run.id, how },
  };
}

/** Its runbook was never a file: {@link readRunbook} gives it a name that stands for one. */
function wasPiped({ file, cwd }: RunRecord): boolean {
  return file === pipedPath(cwd) && !existsSync(file);
}

function wordPiped({ id, steps }: RunRecord): string {
  const next = steps.find(({ state }) => state !== 'passed' && state !== 'skipped');
  const from = next === undefined ? '' : ` --from ${next.name}`;
  return (
    `run ${id} had its runbook from standard input, so there is no file to go on with. ` +
    `Save it as a file, then: handrail run FILE.md${from}`
  );
}

function howOf({ options }: Call): 'resume' | 'rerun' | 'rollback' {
  if (options.flag('all') && options.flag('undo'))
    throw new UsageError('--all and --undo exclude each other');
  if (options.flag('undo')) return 'rollback';
  return options.flag('all') ? 'rerun' : 'resume';
}
