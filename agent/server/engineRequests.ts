import type {
  inspectObject,
  imageHistory,
  listProcesses,
  unwatchEngine,
  watchEngine,
  watchStats,
} from '../protocol/containers';
import type { listEndpoints, retryEndpoint } from '../protocol/endpoints';
import type { ParamsOf, ResultOf } from '../protocol/message';
import type { Agent } from './agent';
import type { Client } from './client';

/** Answers {@link listEndpoints}. */
export function findEngines(
  { environment }: ParamsOf<typeof listEndpoints>,
  _agent: Agent,
  client: Client,
): Promise<ResultOf<typeof listEndpoints>> {
  return client.engines.list(environment);
}

/** Answers {@link retryEndpoint}. */
export async function retry(
  { endpoint }: ParamsOf<typeof retryEndpoint>,
  _agent: Agent,
  client: Client,
): Promise<ResultOf<typeof retryEndpoint>> {
  (await client.engines.engine(endpoint)).live.retry();
  return {};
}

/** Answers {@link watchEngine}. */
export async function watchRows(
  { endpoint, kinds }: ParamsOf<typeof watchEngine>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof watchEngine>> {
  await client.engines.watch(endpoint, kinds);
  agent.log.info('Engine watched', { endpoint, kinds, by: client.id });
  return {};
}

/** Answers {@link unwatchEngine}. */
export function stopWatchingRows(
  { endpoint }: ParamsOf<typeof unwatchEngine>,
  _agent: Agent,
  client: Client,
): ResultOf<typeof unwatchEngine> {
  client.engines.unwatch(endpoint);
  return {};
}

/** Answers {@link inspectObject}. */
export async function inspect(
  { endpoint, kind, id }: ParamsOf<typeof inspectObject>,
  _agent: Agent,
  client: Client,
): Promise<ResultOf<typeof inspectObject>> {
  return { found: await (await client.engines.engine(endpoint)).inspect(kind, id) };
}

/** Answers {@link listProcesses}. */
export async function tellProcesses(
  { endpoint, container }: ParamsOf<typeof listProcesses>,
  _agent: Agent,
  client: Client,
): Promise<ResultOf<typeof listProcesses>> {
  return (await client.engines.engine(endpoint)).top(container);
}

/** Answers {@link imageHistory}. */
export async function tellHistory(
  { endpoint, image }: ParamsOf<typeof imageHistory>,
  _agent: Agent,
  client: Client,
): Promise<ResultOf<typeof imageHistory>> {
  return { layers: await (await client.engines.engine(endpoint)).history(image) };
}

/** Answers {@link watchStats}. */
export function watchUsage(
  { endpoint, containers }: ParamsOf<typeof watchStats>,
  _agent: Agent,
  client: Client,
): ResultOf<typeof watchStats> {
  client.engines.watchStats(endpoint, containers, () => client.isSlow());
  return {};
}
