import type * as z from 'zod';
import type { applyManifests, compareManifests, editObject } from '../../protocol/clusterManifests';
import type { ResultOf } from '../../protocol/message';
import type { Agent } from '../agent';
import type { Client } from '../client';
import { audited, auditOf, reached } from './audited';

type Asked<M extends { params: z.ZodType }> = z.output<M['params']>;

/** Answers {@link compareManifests}. */
export async function compareWithCluster(
  { context, ...asked }: Asked<typeof compareManifests>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof compareManifests>> {
  const { cluster, actions } = await reached(context, agent, client);
  const { environment: env } = client.clusters;
  const compared = await cluster.during(() => actions.compareManifests(cluster, { ...asked, env }));
  const { objects, problems, madeBy, digest } = compared;
  return { objects, problems, madeBy, digest };
}

/** Answers {@link applyManifests}. */
export async function applyToCluster(
  { context, by, confirmed, ...asked }: Asked<typeof applyManifests>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof applyManifests>> {
  const { cluster, actions, audit } = await audited({ context, by, confirmed }, agent, client);
  const { environment: env } = client.clusters;
  agent.log.info('Manifests applied', { context, path: asked.path, by: client.id });
  return {
    outcomes: await cluster.during(() => actions.applyManifests(cluster, { ...asked, env }, audit)),
  };
}

/** Answers {@link editObject}. A look at what would come of it is allowed everywhere. */
export async function changeObject(
  { context, by, confirmed, ...edited }: Asked<typeof editObject>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof editObject>> {
  const { cluster, actions } = await reached(context, agent, client);
  if (edited.apply) actions.checkMayChange(client.clusters.context(context), confirmed);
  return cluster.during(() => actions.editObject(cluster, edited, auditOf(cluster, by, agent)));
}
