import { userInfo } from 'node:os';
import type { ConfiguredEndpoints } from '../../config/configFile';
import type { OpenTarget } from '../../executors/container/access';
import { HandrailError } from '../../protocol/errors';
import { socketPath } from '../endpoints/addresses';
import { findEndpoints } from '../endpoints/findEndpoints';
import type { Found, FoundEndpoint } from '../endpoints/foundEndpoint';
import { EngineConnection } from '../engine/connection';
import { type Inspection, inspectContainers, type Wanted } from './inspectContainers';
import { type OpenEngine, wordUnusable } from './openEngine';
import { type LinesRead, readNewLines, type TakeTimed } from './readNewLines';
import { createOpenTarget } from './openTarget';

/** Opens containers on the engines that a client can use; `configured`: those of its `config.yaml`. */
export function openTargetsOfClient(configured: () => ConfiguredEndpoints): OpenTarget {
  return createOpenTarget((env, name) => engineOf(env, name, configured()));
}

/** Whose engine is meant: by its name, else the one in use. */
export interface Client {
  readonly env: Readonly<Record<string, string>>;
  readonly engine: string | undefined;
  readonly configured: ConfiguredEndpoints;
}

/** How containers are, for a check. */
export function inspectForClient(wanted: Wanted, client: Client, signal: AbortSignal): Promise<Inspection> {
  return ask(client, signal, engine => inspectContainers(engine, wanted, signal));
}

/** What is new in the logs of containers, for a check. */
export function readLinesForClient(
  wanted: Wanted,
  since: Parameters<typeof readNewLines>[2],
  take: TakeTimed,
  client: Client,
  signal: AbortSignal,
): Promise<LinesRead> {
  return ask(client, signal, engine => readNewLines(engine, wanted, since, take, signal));
}

/** The connection lasts no longer than the question. */
async function ask<T>(
  client: Client,
  signal: AbortSignal,
  question: (engine: OpenEngine) => Promise<T>,
): Promise<T | { kind: 'trouble'; message: string }> {
  let connection: EngineConnection | undefined;
  const end = (): void => connection?.close();
  signal.addEventListener('abort', end, { once: true });
  try {
    connection = connectionOf(client, 'to ask');
    return await question(await opened(connection));
  } catch (error) {
    return { kind: 'trouble', message: (error as Error).message };
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

async function engineOf(
  env: Readonly<Record<string, string>>,
  name: string | undefined,
  configured: ConfiguredEndpoints,
): Promise<OpenEngine> {
  return opened(connectionOf({ env, engine: name, configured }, 'to run this cell in'));
}

function connectionOf({ env, engine: name, configured }: Client, purpose: string): EngineConnection {
  const { uid } = userInfo();
  const found = findEndpoints({ env, configured, uid, platform: process.platform });
  return new EngineConnection(name === undefined ? chosen(found, purpose) : called(name, found));
}

async function opened(connection: EngineConnection): Promise<OpenEngine> {
  const { uid, gid } = userInfo();
  try {
    const { docker } = await connection.connect();
    const isLocal = socketPath(connection.endpoint.address) !== undefined;
    const self = uid < 0 ? undefined : `${uid}:${gid}`;
    return { docker, isLocal, self, worded: error => connection.worded(error) };
  } catch (error) {
    throw error instanceof HandrailError ? new Error(wordUnusable(error), { cause: error }) : error;
  }
}

function called(name: string, { endpoints }: Found): FoundEndpoint {
  const ids = [`context:${name}`, `config:${name}`, name];
  const found =
    endpoints.find(({ id }) => ids.includes(id)) ?? endpoints.find(endpoint => endpoint.name === name);
  if (found !== undefined) return found;
  const names = endpoints.map(({ id }) => id.replace(/^(context|config):/, '')).join(', ');
  throw new Error(
    `There is no container engine ${name}. ${names === '' ? 'There are none.' : `There are ${names}.`}`,
  );
}

/** The one that `docker` would use; where that is not there, the only other one. */
function chosen({ endpoints, looked }: Found, purpose: string): FoundEndpoint {
  const [only, ...others] = endpoints;
  const found = endpoints.find(({ current }) => current) ?? (others.length === 0 ? only : undefined);
  if (found !== undefined) return found;
  const places = looked.map(one => `${one.place} (${one.found})`).join(', ');
  const next =
    endpoints.length === 0
      ? 'Install Docker or Podman, or start it.'
      : `Choose one with DOCKER_HOST or docker context use: ${endpoints.map(({ name }) => name).join(', ')}.`;
  throw new Error(`No container engine ${purpose}. Looked at: ${places}. ${next}`);
}
