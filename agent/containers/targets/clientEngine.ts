import Docker from 'dockerode';
import { createOpenTarget } from './openTarget';
import type { OpenEngine } from './openEngine';

/** Opens containers on the engine that the client's own `docker` would use. */
export const openTargetOfClient = createOpenTarget(engineOf);

function engineOf(env: Readonly<Record<string, string>>): Promise<OpenEngine> {
  const address = env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
  const url = new URL(address);
  if (url.protocol === 'unix:')
    return Promise.resolve({ docker: new Docker({ socketPath: url.pathname }), isLocal: true });
  return Promise.reject(new Error(`DOCKER_HOST=${address} cannot be used yet`));
}
