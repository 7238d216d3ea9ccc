import { listRevisions } from '../../../agent/protocol/clusterHelm';
import { listPodContainers } from '../../../agent/protocol/clusterObjects';
import type { ClusterRow } from '../../../agent/protocol/clusters';
import type { AgentClient } from '../../agent/agentClient';
import { errorText } from '../../agent/errorText';
import {
  message,
  podContainerNode,
  type ClusterNode,
  type ObjectNode,
  type ReleaseNode,
} from './clusterNode';
import { revisionRows } from './helmRows';

// Rows that are asked for when a person unfolds what they are of.

/** The containers of a pod. */
export async function podContainerRows(
  agent: Pick<AgentClient, 'request'>,
  node: ObjectNode,
  row: ClusterRow | undefined,
): Promise<ClusterNode[]> {
  if (row?.namespace === undefined) return [];
  const { context } = node;
  const { namespace, name: pod, uid } = row;
  try {
    const { containers } = await agent.request(listPodContainers, { context, namespace, pod });
    return containers.map(container => podContainerNode({ context, namespace, pod, uid }, container));
  } catch (error) {
    return [trouble(node, error)];
  }
}

/** What a release was before, and is. */
export async function releaseHistoryRows(
  agent: Pick<AgentClient, 'request'>,
  node: ReleaseNode,
): Promise<ClusterNode[]> {
  const { context, namespace, release } = node;
  try {
    const { revisions } = await agent.request(listRevisions, { context, namespace, release });
    return revisionRows(node, revisions);
  } catch (error) {
    return [trouble(node, error)];
  }
}

function trouble({ id }: ClusterNode, error: unknown): ClusterNode {
  return message(`${id}/trouble`, errorText(error), { icon: 'warning' });
}
