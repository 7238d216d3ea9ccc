import type { StepRecord } from '../../../agent/protocol/runs';
import { sayAgo } from '../../../agent/protocol/words';
import { outcome, stepMark } from '../../notebook/stepWords';
import type { FileResult } from './fileResult';

/** A file's description: `docs · ✓ 2 h ago`. */
export function runbookDescription(folder: string, result: FileResult | undefined, now: number): string {
  const how = result === undefined ? [] : resultWords(result, now);
  return [...(folder === '' ? [] : [folder]), ...how].join(' · ');
}

/** How it stands with a file, for its tooltip and screen readers: `failed 2 h ago: drain, restart`. */
export function spokenResult(result: FileResult | undefined, now: number): string {
  if (result === undefined) return 'not run yet';
  if (result.kind === 'going') return `running, ${progress(result)}`;
  const when = result.at === undefined ? '' : ` ${sayAgo(result.at, now)}`;
  if (result.state !== 'passed') return `${result.state}${when}: ${some(result.names)}`;
  const rest = result.total - result.names.length;
  return rest > 0
    ? `passed${when}, ${String(rest)} of ${String(result.total)} cells not run`
    : `passed${when}`;
}

/** A cell's description: its first command, and how it went where that was not well. */
export function cellDescription(command: string, last: StepRecord | undefined): string {
  const words = last === undefined ? '' : outcome(last).split('\n', 1)[0];
  const short = command.length <= 60 ? command : `${command.slice(0, 59)}…`;
  return words === '' || last === undefined ? short : `${stepMark(last.state)} ${words ?? ''} · ${short}`;
}

function resultWords(result: FileResult, now: number): string[] {
  if (result.kind === 'going') return [`● ${progress(result)}`];
  const { state, names, total, at } = result;
  const when = at === undefined ? [] : [sayAgo(at, now)];
  const count = names.length === total ? '' : `${String(names.length)} of ${String(total)}`;
  const which =
    state === 'passed' ? count : names.length === 1 ? (names[0] ?? '') : `${String(names.length)} ${state}`;
  const [first, ...rest] = [...(which === '' ? [] : [which]), ...when];
  return [`${stepMark(state)} ${first ?? ''}`.trim(), ...rest];
}

function progress({ run }: Extract<FileResult, { kind: 'going' }>): string {
  return `step ${String(Math.min(run.stepsDone + 1, run.stepsTotal))} of ${String(run.stepsTotal)}`;
}

function some(names: readonly string[]): string {
  return names.length <= 5
    ? names.join(', ')
    : `${names.slice(0, 5).join(', ')} and ${String(names.length - 5)} more`;
}
