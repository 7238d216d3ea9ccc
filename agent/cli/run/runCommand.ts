import type { RunRequest } from '../../engine/types';
import { UsageError, type Action, type Call } from '../call';
import { exitOf } from '../present/exitOf';
import { presenterFor } from '../present/presenterFor';
import { exitCodes } from '../exitCodes';
import { withAnswers } from './answers';
import type { Keyboard } from './keyboard';
import { checkReports, parseReport } from '../report/wantedReport';
import { readRunbook, type RunbookFile } from './readRunbook';
import { runRequest } from './runRequest';

/** `handrail run [FILE] [CELL…]` */
export const runCommand: Action = async call => {
  const [named, ...cells] = call.args;
  const path = named ?? (await pickedFile(call));
  const file = await readRunbook(path, call.cwd);
  const keyboard =
    call.terminal.attended || path === '-' ? (await import('./keyboard')).openKeyboard() : undefined;
  try {
    return await runFile(call, file, cells, keyboard);
  } finally {
    keyboard?.close();
  }
};

async function runFile(
  call: Call,
  file: RunbookFile,
  cells: readonly string[],
  keyboard: Keyboard | undefined,
): Promise<number> {
  return carryOut(call, await runRequest(call, file, cells), keyboard);
}

/** Does with a request what the options say: plans it, hands it over, or runs it here to its end. */
export async function carryOut(
  call: Call,
  request: RunRequest,
  keyboard: Keyboard | undefined,
): Promise<number> {
  if (call.options.flag('dry-run')) return (await import('./dryRun')).dryRun(call, request);
  const start = (one: RunRequest): Promise<number> => perform(call, one, keyboard);
  // Most runbooks have none, and looking for them takes its time.
  const { selection, continues, text } = request;
  if (selection.kind !== 'all' || continues !== undefined || !/prerequisite/i.test(text))
    return start(request);
  const { prerequisitesFirst } = await import('./prerequisites');
  return (await prerequisitesFirst(call, keyboard, request, start)) ?? start(request);
}

async function perform(call: Call, request: RunRequest, keyboard: Keyboard | undefined): Promise<number> {
  if (call.options.flag('detach')) {
    if (call.options.list('report').length > 0)
      throw new UsageError('--report needs a run that ends here. Later: handrail report RUN');
    const { detachRun } = await import('./detachRun');
    return withAnswers(call, keyboard, request, answered => detachRun(call, answered));
  }
  const { runHere } = await import('./runHere');
  const recorded = !call.options.flag('no-record');
  const reports = call.options.list('report').map(parseReport);
  await checkReports(reports, call.cwd);
  let cause: () => string | undefined = () => undefined;
  const presenter = presenterFor(call, { recorded, cause: () => cause() });
  const cancelling = (told: typeof cause): void => void (cause = told);
  // Who is there is asked when a step's turn has come.
  const asking = { ...request, asks: keyboard !== undefined };
  return withAnswers(call, keyboard, asking, async answered => {
    const host = { recorded, keyboard, reports, cancelling };
    const { run, terminated } = await runHere(call, answered, presenter, host);
    if (keyboard !== undefined && recorded && answered.attended && run.state === 'failed' && !terminated) {
      const { offerRollback } = await import('./offerRollback');
      const again = presenterFor(call, { recorded, cause: () => cause() });
      // The reports are of the run that failed, and so is the exit code.
      await offerRollback(call, keyboard, answered, run, undo =>
        withAnswers(call, keyboard, undo, async one => {
          const undone = await runHere(call, one, again, { ...host, reports: [] });
          return exitOf(undone.run);
        }),
      );
    }
    return terminated ? exitCodes.terminated : exitOf(run);
  });
}

async function pickedFile(call: Call): Promise<string> {
  if (!call.terminal.attended) throw new UsageError('run what? Name a runbook: handrail run FILE');
  const { pickRunbook } = await import('./pickRunbook');
  return pickRunbook(call);
}
