import type { RunSummary, StepRecord } from '../../../agent/protocol/runs';
import { outcome, stepMark } from '../../notebook/stepWords';
import { ago } from '../words';

/** A file's description: `docs · ✓ 2 h ago`. */
export function runbookDescription(folder: string, last: RunSummary | undefined, now: number): string {
  return [...(folder === '' ? [] : [folder]), ...(last === undefined ? [] : [lastRun(last, now)])].join(
    ' · ',
  );
}

/** A cell's description: its first command, and how it went where that was not well. */
export function cellDescription(command: string, last: StepRecord | undefined): string {
  const words = last === undefined ? '' : outcome(last).split('\n', 1)[0];
  const short = command.length <= 60 ? command : `${command.slice(0, 59)}…`;
  return words === '' || last === undefined ? short : `${stepMark(last.state)} ${words ?? ''} · ${short}`;
}

function lastRun(run: RunSummary, now: number): string {
  if (run.state === 'running')
    return `● step ${String(Math.min(run.stepsDone + 1, run.stepsTotal))} of ${String(run.stepsTotal)}`;
  return `${run.state === 'interrupted' ? '■' : stepMark(run.state)} ${ago(run.endedAt ?? run.startedAt, now)}`;
}
