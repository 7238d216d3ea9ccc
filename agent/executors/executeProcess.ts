import type { Ending, Execution, OutputSink } from './executor';
import type { Host } from './host';
import type { Command, ProcessExit } from './process/command';
import { type RunningProcess } from './process/command';
import type { TreeRoot } from './process/processTree';
import { startFailure } from './process/startFailure';
import { startProcess } from './process/startProcess';
import { startLadder, type StopLadder, unended } from './process/stopLadder';

/** What to do around a cell's process. */
export interface ProcessPlan {
  readonly command: Command;
  /** In the environment of everything that the cell starts. */
  readonly marker: string;
  readonly sink: OutputSink;
  readonly host: Host;
  /** The process has ended and all its output has been handed on. `left`: its group has still members. */
  ended(exit: ProcessExit, process: RunningProcess): Pick<Ending, 'failedLine'>;
}

/** Executes a cell as one process: starts it, carries its output, ends it when asked to. */
export function executeProcess(plan: ProcessPlan): Execution {
  let stopped: 'cancel' | 'timeout' | undefined;
  let ladder: StopLadder | undefined;
  let sinkError: unknown;
  let over = false;
  const sinkFailed = (error: unknown): void => {
    sinkError ??= error;
    begin()?.next();
  };
  plan.host.guardian.begin();
  const started = tryStart(plan, sinkFailed);
  if ('error' in started) return endedExecution(couldNotStart(plan.command, started.error));
  const { pid } = started;
  const begin = (): StopLadder | undefined => {
    if (pid === undefined || over || ladder !== undefined) return ladder;
    const root: TreeRoot = { groups: [pid], marker: plan.marker };
    return (ladder = startLadder(root, pid, plan.host.graces));
  };
  if (pid !== undefined) plan.host.guardian.watch(pid);
  const ended = (async (): Promise<Ending> => {
    const exit = await started.exited;
    if (exit.error !== undefined) return couldNotStart(plan.command, exit.error);
    over = ladder === undefined;
    const left = (await ladder?.finish()) ?? [];
    over = true;
    await started.drain();
    const extra = plan.ended(exit, started);
    if (sinkError !== undefined) return { reason: 'error', message: sinkMessage(sinkError) };
    return { ...endingOf(exit, stopped), ...unended(left), ...(exit.exit === 0 ? {} : extra) };
  })();
  return {
    ended,
    write: started.write,
    resize: started.resize,
    stop(reason) {
      if (over) return;
      if (ladder !== undefined) {
        ladder.next();
        return;
      }
      stopped ??= reason;
      begin();
    },
  };
}

/** An execution that could not begin. */
export function endedExecution(ending: Ending): Execution {
  const nothing = (): void => undefined;
  return { ended: Promise.resolve(ending), write: nothing, resize: nothing, stop: nothing };
}

function tryStart(
  plan: ProcessPlan,
  sinkFailed: (error: unknown) => void,
): RunningProcess | { error: Error } {
  try {
    return startProcess(plan.command, { sink: plan.sink, sinkFailed });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { error };
  }
}

/** The first reason wins: a cell that was stopped has not failed, whatever its process then said. */
export function endingOf(exit: ProcessExit, stopped: 'cancel' | 'timeout' | undefined): Ending {
  const facts = {
    ...(exit.exit === undefined ? {} : { exit: exit.exit }),
    ...(exit.signal === undefined ? {} : { signal: exit.signal as string }),
  };
  return { reason: stopped ?? (exit.signal === undefined ? 'exit' : 'signal'), ...facts };
}

function couldNotStart(command: Command, error: Error): Ending {
  const message = startFailure(command.file, error, new Map(Object.entries(command.env)));
  return { reason: 'error', message };
}

function sinkMessage(error: unknown): string {
  return `The output could not be taken, so the cell was ended: ${error instanceof Error ? error.message : String(error)}`;
}
