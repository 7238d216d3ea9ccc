import { userInfo } from 'node:os';
import { HandrailError } from '../../protocol/errors';
import { socketPath } from '../endpoints/addresses';
import { findEndpoints } from '../endpoints/findEndpoints';
import type { Found, FoundEndpoint } from '../endpoints/foundEndpoint';
import { EngineConnection } from '../engine/connection';
import { type OpenEngine, wordUnusable } from './openEngine';
import { createOpenTarget } from './openTarget';

/** Opens containers on the engine that the client's own `docker` would use. */
export const openTargetOfClient = createOpenTarget(engineOf);

async function engineOf(env: Readonly<Record<string, string>>): Promise<OpenEngine> {
  const { uid } = userInfo();
  const endpoint = chosen(findEndpoints({ env, configured: {}, uid, platform: process.platform }));
  const connection = new EngineConnection(endpoint);
  try {
    const { docker } = await connection.connect();
    const isLocal = socketPath(endpoint.address) !== undefined;
    return { docker, isLocal, worded: error => connection.worded(error) };
  } catch (error) {
    throw error instanceof HandrailError ? new Error(wordUnusable(error), { cause: error }) : error;
  }
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
