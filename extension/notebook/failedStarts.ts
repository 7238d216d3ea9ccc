import type { RunFeed } from '../agent/runFeed';
import { runbookName } from '../../agent/runbook/runbookName';
import { unlinked } from '../unlinked';
import type { OwnRuns } from './ownRuns';

/**
 * Tells, once, why a run of this window ended before its first step: no cell has a place where that could stand.
 *
 * @param tell shows it to the person
 */
export function tellFailedStarts(
  feed: Pick<RunFeed, 'onDidChange'>,
  own: Pick<OwnRuns, 'has'>,
  tell: (words: string) => unknown,
): { dispose(): unknown } {
  const told = new Set<string>();
  return feed.onDidChange(changes => {
    for (const { run } of changes) {
      const { id, state, message, step, file } = run;
      if (state !== 'failed' || message === undefined || step !== undefined) continue;
      if (told.has(id) || !own.has(id)) continue;
      told.add(id);
      tell(unlinked(`${runbookName(file)} was not begun. ${message}`));
    }
  });
}
