import type * as z from 'zod';
import type { actOnObjects } from '../../protocol/clusterActions';
import type { getRollout, readMetrics } from '../../protocol/clusterObjects';
import type { ResultOf } from '../../protocol/message';
import type { Agent } from '../agent';
import type { Client } from '../client';
import { audited, reached } from './audited';

type Asked<M extends { params: z.ZodType }> = z.output<M['params']>;

/** Answers {@link actOnObjects}. */
export async function actOnEachObject(
  { context, action, objects, confirmed, by }: Asked<typeof actOnObjects>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof actOnObjects>> {
  const { cluster, actions, audit } = await audited({ context, by, confirmed }, agent, client);
  agent.log.info('Cluster acted on', { context, action: action.do, objects: objects.length, by: client.id });
  return {
    outcomes: await cluster.during(() => actions.actOnObjects(cluster, action, objects, audit)),
  };
}

/** Answers {@link getRollout}. */
export async function tellRollout(
  { context, object }: Asked<typeof getRollout>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof getRollout>> {
  const { cluster, actions } = await reached(context, agent, client);
  return cluster.during(() => actions.rolloutOf(cluster, object));
}

/** Answers {@link readMetrics}. */
export async function tellMetrics(
  { context, kind, namespace }: Asked<typeof readMetrics>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof readMetrics>> {
  const { cluster, actions } = await reached(context, agent, client);
  return cluster.during(() => actions.metricsOf(cluster, kind, namespace));
}
