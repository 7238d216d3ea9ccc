import type * as z from 'zod';
import type { downloadFrom, listFiles, readFileIn, uploadTo } from '../protocol/containerActions';
import type { ResultOf } from '../protocol/message';
import type { Agent } from './agent';
import type { Client } from './client';
import { audited } from './engineActions';

type Asked<M extends { params: z.ZodType }> = z.output<M['params']>;

/** Answers {@link listFiles}. */
export async function tellFiles(
  { endpoint, container, path }: Asked<typeof listFiles>,
  _agent: Agent,
  client: Client,
): Promise<ResultOf<typeof listFiles>> {
  return (await client.engines.engine(endpoint)).listFiles(container, path);
}

/** Answers {@link readFileIn}. */
export async function tellFile(
  { endpoint, container, path, maxBytes }: Asked<typeof readFileIn>,
  _agent: Agent,
  client: Client,
): Promise<ResultOf<typeof readFileIn>> {
  return (await client.engines.engine(endpoint)).readFile(container, path, maxBytes);
}

/** Answers {@link downloadFrom}. */
export async function download(
  { endpoint, by, ...wanted }: Asked<typeof downloadFrom>,
  agent: Agent,
  client: Client,
  signal: AbortSignal,
): Promise<ResultOf<typeof downloadFrom>> {
  const { engine, audit } = await audited(endpoint, by, agent, client);
  return engine.download(wanted, audit, signal);
}

/** Answers {@link uploadTo}. */
export async function upload(
  { endpoint, container, path, from, by }: Asked<typeof uploadTo>,
  agent: Agent,
  client: Client,
  signal: AbortSignal,
): Promise<ResultOf<typeof uploadTo>> {
  const { engine, audit } = await audited(endpoint, by, agent, client);
  return engine.upload({ container, path, from }, audit, signal);
}
