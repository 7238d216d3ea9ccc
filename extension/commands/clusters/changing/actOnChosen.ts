import * as vscode from 'vscode';
import { userName } from '../../../../agent/client/userName';
import { actOnObjects, type ClusterAction } from '../../../../agent/protocol/clusterActions';
import type { ActionOutcome } from '../../../../agent/protocol/containerActions';
import { unlinked } from '../../../unlinked';
import type { ChosenObject } from '../chosen';
import type { ClusterParts } from '../clusterCommands';
import { confirmedOn } from '../confirmedOn';
import { views } from '../../names';
import { doneWords } from './doneWords';
import { saidOutcomes } from '../../outcomes';

/**
 * Does something to each of some objects, on the context of each, and tells how it went: in one notification what
 * failed. Gives whether it was done to all of them.
 */
export async function actOnChosen(
  { agent }: Pick<ClusterParts, 'agent'>,
  action: ClusterAction,
  chosen: readonly ChosenObject[],
): Promise<boolean> {
  const outcomes: ActionOutcome[] = [];
  // One after another: each may ask for the name of a context that is production.
  for (const context of new Set(chosen.map(one => one.context))) {
    const objects = chosen.filter(one => one.context === context).map(({ object }) => object);
    const answer = await confirmedOn(async confirmed => {
      const asked = agent.request(actOnObjects, {
        ...{ context, action, objects, by: userName(process.env) },
        ...(confirmed !== undefined && { confirmed }),
      });
      await vscode.window.withProgress({ location: { viewId: views.clusters } }, () => asked);
      return asked;
    });
    if (answer === undefined) return false;
    outcomes.push(...answer.outcomes);
  }
  const { text, failed } = saidOutcomes(doneWords[action.do], outcomes, 'the cluster');
  if (failed) void vscode.window.showErrorMessage(unlinked(text));
  else vscode.window.setStatusBarMessage(text, 4000);
  return !failed;
}
