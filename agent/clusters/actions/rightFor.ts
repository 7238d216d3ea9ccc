import type { ClusterAction } from '../../protocol/clusterActions';
import type { ObjectRef } from '../../protocol/clusterObjects';
import type { LiveCluster } from '../live/liveCluster';
import type { WantedRight } from './guards';

/** The right that an action takes, as RBAC names it. */
export async function rightFor(
  cluster: LiveCluster,
  action: ClusterAction,
  { kind, namespace, name }: ObjectRef,
): Promise<WantedRight> {
  const { group, plural, namespaced } = await cluster.kind(kind);
  const place = namespaced ? { namespace } : {};
  switch (action.do) {
    case 'scale':
      return { verb: 'patch', group, resource: `${plural}/scale`, name, ...place };
    case 'delete':
      return { verb: 'delete', group, resource: plural, name, ...place };
    case 'runNow':
      return { verb: 'create', group: 'batch', resource: 'jobs', ...place };
    case 'removeFinalizers':
      return kind === 'namespaces'
        ? { verb: 'update', group, resource: 'namespaces/finalize', name }
        : { verb: 'patch', group, resource: plural, name, ...place };
    default:
      return { verb: 'patch', group, resource: plural, name, ...place };
  }
}
