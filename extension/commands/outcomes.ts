import type { ActionOutcome } from '../../agent/protocol/containerActions';

/**
 * What a person is told of an action's outcomes; `failed` where it belongs into a notification. `done`: the action as a
 * word: `stopped`. `who` was asked to do it.
 */
export function saidOutcomes(
  done: string,
  outcomes: readonly ActionOutcome[],
  who: string,
): { readonly text: string; readonly failed: boolean } {
  const failures = outcomes.filter(({ outcome }) => outcome === 'failed');
  if (failures.length === 0) return { text: successWords(done, outcomes), failed: false };
  const head =
    outcomes.length === 1
      ? ''
      : `${String(failures.length)} of ${String(outcomes.length)} were not ${done}. `;
  const each = failures
    .slice(0, namedAtMost)
    .map(failure => failureWords(done, failure, who, outcomes.length === 1));
  const left = failures.length - namedAtMost;
  return { text: head + each.join(' · ') + (left > 0 ? ` · and ${String(left)} more` : ''), failed: true };
}

const namedAtMost = 10;

function successWords(done: string, outcomes: readonly ActionOutcome[]): string {
  const [only] = outcomes;
  const unchanged = outcomes.filter(({ outcome }) => outcome === 'unchanged').length;
  if (outcomes.length === 1 && only !== undefined) {
    return unchanged === 1
      ? `${only.name}: nothing to do, it was ${done} already.`
      : `${only.name}: ${done}.`;
  }
  const already = unchanged === 0 ? '' : ` (${String(unchanged)} already)`;
  return `${String(outcomes.length)} ${done}${already}.`;
}

function failureWords(
  done: string,
  { name, message, hint }: ActionOutcome,
  who: string,
  only: boolean,
): string {
  const reason = [message ?? `${who} did not say why`, ...(hint === undefined ? [] : [hint])].join('. ');
  return only ? `${name} was not ${done}: ${reason}` : `${name}: ${reason}`;
}
