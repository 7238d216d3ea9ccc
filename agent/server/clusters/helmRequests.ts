import type * as z from 'zod';
import type { listReleases, listRevisions, readRelease } from '../../protocol/clusterHelm';
import type { ResultOf } from '../../protocol/message';
import type { Agent } from '../agent';
import type { Client } from '../client';

type Asked<M extends { params: z.ZodType }> = z.output<M['params']>;

/** Answers {@link listReleases}. */
export async function tellReleases(
  { context, namespace }: Asked<typeof listReleases>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof listReleases>> {
  const cluster = await client.clusters.cluster(context);
  const { helm } = await agent.clusters();
  return cluster.during(() => helm.findReleases(cluster, namespace));
}

/** Answers {@link listRevisions}. */
export async function tellRevisions(
  { context, namespace, release }: Asked<typeof listRevisions>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof listRevisions>> {
  const cluster = await client.clusters.cluster(context);
  const { helm } = await agent.clusters();
  const revisions = await cluster.during(() => helm.revisionsOf(cluster, namespace, release));
  return { revisions };
}

/** Answers {@link readRelease}. What is not logged is not shown. */
export async function tellRelease(
  { context, namespace, release, revision, part, reveal, by }: Asked<typeof readRelease>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof readRelease>> {
  const cluster = await client.clusters.cluster(context);
  const { helm } = await agent.clusters();
  if (reveal) {
    const subject = `releases/${namespace}/${release}`;
    const details = { context, part, ...(revision !== undefined && { revision: String(revision) }) };
    agent.engine().store.audit.append({ action: 'object.reveal', actor: by, subject, details });
  }
  const asked = { namespace, release, revision };
  return cluster.during(() => helm.releaseText(cluster, asked, { part, reveal }));
}
