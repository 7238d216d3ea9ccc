import { getRollout } from '../../../../agent/protocol/clusterObjects';
import { sayMoment } from '../../../../agent/protocol/words';
import { pick } from '../../../quickInput';
import { checkMayChange } from '../checkMayChange';
import type { ClusterParts } from '../clusterCommands';
import { actOnChosen } from './actOnChosen';
import { followRollout } from './followRollout';
import { objectsOf } from './objectsOf';
import { rolledOut } from './workloads';

/** Shows how a rollout stands and what there was before; Enter goes back to one of those. */
export async function showRollout(parts: ClusterParts, first: unknown): Promise<void> {
  const [chosen] = await objectsOf(parts, [first, undefined], 'Rollout of What?', kind =>
    rolledOut.includes(kind),
  );
  if (chosen === undefined) return;
  const { context, object } = chosen;
  const { message, revisions } = await parts.agent.request(getRollout, { context, object });
  const items = revisions.map(({ revision, createdAt, images, cause, current }) => ({
    label: `revision ${String(revision)}`,
    description: [sayMoment(createdAt, Date.now()), ...(current ? ['current'] : [])].join(' · '),
    detail: [images.join(', '), ...(cause === undefined ? [] : [cause])].join(' · '),
    ...{ revision, current },
  }));
  const picked = await pick(items, {
    title: `${object.name}: ${message}`,
    placeHolder: 'Enter goes back to a revision',
    matchOnDetail: true,
  });
  if (picked === undefined || picked.current) return;
  await checkMayChange(parts, [chosen], 'roll');
  if (await actOnChosen(parts, { do: 'undoRollout', revision: picked.revision }, [chosen]))
    await followRollout(parts, chosen);
}
