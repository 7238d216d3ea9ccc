import type { CheckResult, CheckSpec } from '../../health/checkSpec';
import { sayMilliseconds } from '../../health/conditions/values';
import type { Call } from '../call';
import { printRows } from '../terminal/columns';
import type { Paint } from '../terminal/paint';
import { plain, sayCount } from '../terminal/words';

/** A check with what one look at it found. */
export interface Checked {
  readonly check: CheckSpec;
  readonly result: CheckResult;
  /** The check that it needs and that is down, while this one is not well. */
  readonly heldBackBy?: string | undefined;
}

/** What is worst comes first. */
const states: readonly CheckResult['state'][] = ['down', 'unknown', 'degraded', 'up'];

/** Prints a line for each check, and one that sums them up. */
export function printChecks({ terminal: { stdout }, options }: Call, checked: readonly Checked[]): void {
  const rank = ({ result }: Checked): number => states.indexOf(result.state);
  const sorted = [...checked].sort((one, other) => rank(one) - rank(other));
  const shown = options.flag('quiet') ? sorted.filter(({ result }) => result.state !== 'up') : sorted;
  printRows(
    stdout,
    shown.map(({ check, result, heldBackBy }) => [
      `${markOf(result.state, stdout.paint)} ${plain(check.name)}`,
      result.state,
      `${heldBackBy === undefined ? '' : `held back by ${plain(heldBackBy)} · `}${wordResult(check, result)}`,
    ]),
  );
  if (checked.length > 1) void stdout.write(`\n${sumUp(checked)}\n`);
}

export function markOf(state: CheckResult['state'] | 'pending', { marks }: Paint): string {
  const mark = { up: marks.passed, degraded: '!', down: marks.failed, unknown: '?', pending: marks.running };
  return mark[state];
}

/** Why it is not well and what to do, or how long it took. */
export function wordResult({ runbook, subject }: CheckSpec, { state, ms, message }: CheckResult): string {
  if (state === 'up') return `${plain(subject)}  ${sayMilliseconds(ms)}`;
  return `${plain(message)}${runbook === undefined ? '' : `  → ${plain(runbook)}`}`;
}

function sumUp(checked: readonly Checked[]): string {
  const counts = states
    .map(state => [checked.filter(({ result }) => result.state === state).length, state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count} ${state}`);
  return `${sayCount(checked.length, 'check')}: ${counts.join(', ')}`;
}
