import * as vscode from 'vscode';
import { userName } from '../../../agent/client/userName';
import { actOn, type ActionOutcome, type EngineAction } from '../../../agent/protocol/containerActions';
import type { AgentClient } from '../../agent/agentClient';
import { errorText } from '../../agent/errorText';
import { unlinked } from '../../unlinked';
import { views } from '../names';
import type { ContainersProvider } from '../../views/containers/containersProvider';
import { objectName } from '../../views/containers/objectWords';
import { outcomeWords } from './outcomeWords';
import type { Target } from './targets';

interface Ports {
  readonly agent: AgentClient;
  readonly view: Pick<ContainersProvider, 'underway'>;
}

/** As many as the protocol takes at once. */
const atOnce = 1000;

/** Does something to each of some things, on the engine of each, and tells how it went: in one notification what failed. */
export async function act(ports: Ports, action: EngineAction, targets: readonly Target[]): Promise<void> {
  if (targets.length === 0) return;
  const outcomes = await vscode.window.withProgress({ location: { viewId: views.containers } }, async () => {
    const engines = [...new Set(targets.map(({ endpoint }) => endpoint))];
    const each = engines.map(id =>
      actOnEngine(
        ports,
        id,
        action,
        targets.filter(({ endpoint }) => endpoint === id),
      ),
    );
    return (await Promise.all(each)).flat();
  });
  const { text, failed } = outcomeWords(action.do, outcomes);
  if (failed) void vscode.window.showErrorMessage(unlinked(text));
  else vscode.window.setStatusBarMessage(text, 4000);
}

/** An engine that cannot be asked at all has failed for each of its things. */
async function actOnEngine(
  { agent, view }: Ports,
  endpoint: string,
  action: EngineAction,
  targets: readonly Target[],
): Promise<ActionOutcome[]> {
  const outcomes: ActionOutcome[] = [];
  for (let from = 0; from < targets.length; from += atOnce) {
    const part = targets.slice(from, from + atOnce);
    try {
      const ids = part.map(({ row }) => row.id);
      const asked = agent.request(actOn, { endpoint, action, ids, by: userName(process.env) });
      outcomes.push(...(await view.underway.during(endpoint, ids, action.do, asked)).outcomes);
    } catch (error) {
      const message = errorText(error);
      outcomes.push(
        ...part.map(({ row }) => ({
          id: row.id,
          name: objectName(row),
          outcome: 'failed' as const,
          message,
        })),
      );
    }
  }
  return outcomes;
}
