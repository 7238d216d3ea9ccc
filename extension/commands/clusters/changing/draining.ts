import { userName } from '../../../../agent/client/userName';
import { drainNode } from '../../../../agent/protocol/clusterStreams';
import { openPodTerminal } from '../../../clusters/openPodTerminal';
import { checkMayChange } from '../checkMayChange';
import type { ClusterParts } from '../clusterCommands';
import { confirmedOn } from '../confirmedOn';
import { confirmChange } from './confirmChange';
import { objectsOf } from './objectsOf';

const withData = 'Drain, with What Would Be Lost';

/** Cordons a node and evicts its pods, after asking; each step is a line in a terminal, which ends it when it is closed. */
export async function drain(parts: ClusterParts, first: unknown): Promise<void> {
  const [chosen] = await objectsOf(parts, [first, undefined], 'Drain Which Node?', kind => kind === 'nodes');
  if (chosen === undefined) return;
  const { context, object } = chosen;
  await checkMayChange(parts, [chosen], 'drain');
  const answer = await confirmChange(parts, [chosen], {
    verb: 'Drain',
    ways: [
      { label: 'Drain', detail: 'Its pods are evicted as their budgets allow; those of DaemonSets stay.' },
      {
        label: withData,
        detail: 'Also pods that nothing makes again, and those with data in emptyDir volumes.',
      },
    ],
  });
  if (answer === undefined) return;
  const force = answer === withData;
  openPodTerminal(
    parts.streams,
    `drain ${object.name}`,
    () =>
      confirmedOn(async confirmed => {
        const { stream, kubectl } = await parts.agent.request(drainNode, {
          ...{ context, node: object.name, force, deleteEmptyDir: force, by: userName(process.env) },
          ...(confirmed !== undefined && { confirmed }),
        });
        return { stream, title: `drain ${object.name}`, command: kubectl };
      }),
    { stays: true },
  );
}
