import type { ActionOutcome, EngineAction } from '../../../agent/protocol/containerActions';

/** What has been done to something, as a word: `stopped`. */
export const doneWords = {
  start: 'started',
  stop: 'stopped',
  restart: 'restarted',
  pause: 'paused',
  unpause: 'unpaused',
  kill: 'sent the signal',
  rename: 'renamed',
  remove: 'removed',
  removeImage: 'removed',
  removeVolume: 'removed',
  removeNetwork: 'removed',
  tagImage: 'tagged',
} as const satisfies Record<EngineAction['do'], string>;

/** What a person is told of an action's outcomes; `failed` where it belongs into a notification. */
export function outcomeWords(
  action: EngineAction['do'],
  outcomes: readonly ActionOutcome[],
): { readonly text: string; readonly failed: boolean } {
  const done = doneWords[action];
  const failures = outcomes.filter(({ outcome }) => outcome === 'failed');
  if (failures.length === 0) return { text: successWords(done, outcomes), failed: false };
  const head =
    outcomes.length === 1
      ? ''
      : `${String(failures.length)} of ${String(outcomes.length)} were not ${done}. `;
  const each = failures
    .slice(0, namedAtMost)
    .map(failure => failureWords(done, failure, outcomes.length === 1));
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

function failureWords(done: string, { name, message, hint }: ActionOutcome, only: boolean): string {
  const reason = [message ?? 'the engine did not say why', ...(hint === undefined ? [] : [hint])].join('. ');
  return only ? `${name} was not ${done}: ${reason}` : `${name}: ${reason}`;
}
