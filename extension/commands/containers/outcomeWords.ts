import type { ActionOutcome, EngineAction } from '../../../agent/protocol/containerActions';
import { saidOutcomes } from '../outcomes';

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
): ReturnType<typeof saidOutcomes> {
  return saidOutcomes(doneWords[action], outcomes, 'the engine');
}
