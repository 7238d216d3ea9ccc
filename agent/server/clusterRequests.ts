import type { unwatchTable, watchTable } from '../protocol/clusters';
import type { listContexts, retryContext, unwatchContext, watchContext } from '../protocol/contexts';
import type { ParamsOf, ResultOf } from '../protocol/message';
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
