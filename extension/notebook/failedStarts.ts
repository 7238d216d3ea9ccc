import * as vscode from 'vscode';
import type { RunFeed } from '../agent/runFeed';
import { runbookName } from '../../agent/runbook/runbookName';
import type { OwnRuns } from './ownRuns';

/** Tells, once, why a run of this window ended before its first step: no cell has a place where that could stand. */
export function tellFailedStarts(feed: RunFeed, own: OwnRuns): vscode.Disposable {
  const told = new Set<string>();
  return feed.onDidChange(changes => {
    for (const { run } of changes) {
      const { id, state, message, step, file } = run;
      if (state !== 'failed' || message === undefined || step !== undefined) continue;
      if (told.has(id) || !own.has(id)) continue;
      told.add(id);
      void vscode.window.showErrorMessage(`${runbookName(file)} was not begun. ${message}`);
    }
  });
}
