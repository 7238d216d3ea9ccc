import { userInfo } from 'node:os';
import type { ConfiguredEndpoints } from '../../config/configFile';
import type { OpenTarget } from '../../executors/container/access';
import { HandrailError } from '../../protocol/errors';
import { socketPath } from '../endpoints/addresses';
import { findEndpoints } from '../endpoints/findEndpoints';
import type { Found, FoundEndpoint } from '../endpoints/foundEndpoint';
import { EngineConnection } from '../engine/connection';
import { type OpenEngine, wordUnusable } from './openEngine';
import { createOpenTarget } from './openTarget';

/** Opens containers on the engines that a client can use; `configured`: those of its `config.yaml`. */
export function openTargetsOfClient(configured: () => ConfiguredEndpoints): OpenTarget {
  return createOpenTarget((env, name) => engineOf(env, name, configured()));
}

async function engineOf(
  env: Readonly<Record<string, string>>,
  name: string | undefined,
  configured: ConfiguredEndpoints,
): Promise<OpenEngine> {
  const { uid, gid } = userInfo();
  const found = findEndpoints({ env, configured, uid, platform: process.platform });
  const endpoint = name === undefined ? chosen(found) : called(name, found);
  const connection = new EngineConnection(endpoint);
  try {
    const { docker } = await connection.connect();
    const isLocal = socketPath(endpoint.address) !== undefined;
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
function chosen({ endpoints, looked }: Found): FoundEndpoint {
  const [only, ...others] = endpoints;
  const found = endpoints.find(({ current }) => current) ?? (others.length === 0 ? only : undefined);
  if (found !== undefined) return found;
  const places = looked.map(one => `${one.place} (${one.found})`).join(', ');
  const next =
    endpoints.length === 0
      ? 'Install Docker or Podman, or start it.'
      : `Choose one with DOCKER_HOST or docker context use: ${endpoints.map(({ name }) => name).join(', ')}.`;
  throw new Error(`No container engine to run this cell in. Looked at: ${places}. ${next}`);
}
