import type { Clusters } from '../clusters/clusters';
import type { LiveCluster } from '../clusters/live/liveCluster';
import type {
  describeObject,
  getObject,
  listAllowed,
  listEvents,
  listPodContainers,
} from '../protocol/clusterObjects';
import type { objectCommand } from '../protocol/clusterActions';
import type { unwatchTable, watchTable } from '../protocol/clusters';
import type { listContexts, retryContext, unwatchContext, watchContext } from '../protocol/contexts';
import type { ParamsOf, ResultOf } from '../protocol/message';
import type * as z from 'zod';
import type { Agent } from './agent';
import type { Client } from './client';

/** Answers {@link listContexts}. */
export function findKubeContexts(
  { environment, cwd }: ParamsOf<typeof listContexts>,
  _agent: Agent,
  client: Client,
): Promise<ResultOf<typeof listContexts>> {
  return client.clusters.list({ env: environment, cwd });
}

/** Answers {@link watchContext}. */
export async function watchCluster(
  { context }: ParamsOf<typeof watchContext>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof watchContext>> {
  await client.clusters.watch(context);
  agent.log.info('Context watched', { context, by: client.id });
  return {};
}

/** Answers {@link unwatchContext}. */
export function stopWatchingCluster(
  { context }: ParamsOf<typeof unwatchContext>,
  _agent: Agent,
  client: Client,
): ResultOf<typeof unwatchContext> {
  client.clusters.unwatch(context);
  return {};
}

/** Answers {@link retryContext}. */
export async function retryCluster(
  { context }: ParamsOf<typeof retryContext>,
  _agent: Agent,
  client: Client,
): Promise<ResultOf<typeof retryContext>> {
  (await client.clusters.cluster(context)).retry();
  return {};
}

/** Answers {@link watchTable}. */
export async function watchKind(
  { table, context, kind, namespace }: ParamsOf<typeof watchTable>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof watchTable>> {
  await client.clusters.watchTable(table, { context, kind, namespace });
  agent.log.info('Table watched', { context, kind, namespace, by: client.id });
  return {};
}

/** Answers {@link unwatchTable}. */
export function stopWatchingKind(
  { table }: ParamsOf<typeof unwatchTable>,
  _agent: Agent,
  client: Client,
): ResultOf<typeof unwatchTable> {
  client.clusters.unwatchTable(table);
  return {};
}

type Asked<M extends { params: z.ZodType }> = z.output<M['params']>;

/** Answers {@link getObject}. */
export function tellObject(
  { context, object, managedFields, reveal, by }: Asked<typeof getObject>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof getObject>> {
  return asking(context, agent, client, ({ objectYaml }, cluster) => {
    if (reveal) noteReveal(agent, by, { context, object });
    return objectYaml(cluster, object, { managedFields, reveal });
  });
}

/** What is not logged is not shown. */
function noteReveal(
  agent: Agent,
  actor: string,
  { context, object }: Pick<Asked<typeof getObject>, 'context' | 'object'>,
): void {
  const subject = [object.kind, object.namespace, object.name].filter(each => each !== undefined).join('/');
  agent.engine().store.audit.append({ action: 'object.reveal', actor, subject, details: { context } });
}

/** Answers {@link describeObject}. */
export function tellDescription(
  { context, object }: Asked<typeof describeObject>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof describeObject>> {
  return asking(context, agent, client, async (objects, cluster) => ({
    text: await objects.describeObject(cluster, object),
  }));
}

/** Answers {@link listEvents}. */
export function tellEvents(
  { context, object, uid }: Asked<typeof listEvents>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof listEvents>> {
  return asking(context, agent, client, ({ eventsOf }, cluster) => eventsOf(cluster, object, uid));
}

/** Answers {@link listPodContainers}. */
export function tellPodContainers(
  { context, namespace, pod }: Asked<typeof listPodContainers>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof listPodContainers>> {
  return asking(context, agent, client, ({ podContainers }, cluster) =>
    podContainers(cluster, namespace, pod),
  );
}

/** Answers {@link listAllowed}. */
export function tellAllowed(
  { context, namespace }: Asked<typeof listAllowed>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof listAllowed>> {
  return asking(context, agent, client, ({ allowedIn }, cluster) => allowedIn(cluster, namespace));
}

/** Answers {@link objectCommand}. */
export async function tellKubectl(
  { context, action, objects }: Asked<typeof objectCommand>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof objectCommand>> {
  const { kubectlCommands } = (await agent.clusters()).objects;
  return { commands: kubectlCommands(client.clusters.context(context), action, objects) };
}

async function asking<T>(
  context: string,
  agent: Agent,
  client: Client,
  ask: (objects: Clusters['objects'], cluster: LiveCluster) => Promise<T>,
): Promise<T> {
  const cluster = await client.clusters.cluster(context);
  const { objects } = await agent.clusters();
  return cluster.during(() => ask(objects, cluster));
}
