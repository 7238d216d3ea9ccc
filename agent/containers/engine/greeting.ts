import type { IncomingMessage } from 'node:http';
import type Docker from 'dockerode';
import type { FoundEndpoint } from '../endpoints/foundEndpoint';
import { commonVersion } from './apiVersions';
import { EngineUnusable } from './trouble';

/** What an engine's first answer tells. */
export interface Greeting {
  /** Version of the API that both speak. */
  readonly api: string;
  /** Its clock, milliseconds since 1970, to the second. */
  readonly time: number;
}

/** What an engine says of itself. */
export interface Identity {
  readonly engine: 'docker' | 'podman';
  readonly version: string;
  /** Name of its machine. */
  readonly host: string;
}

/** Finds the newest version of the API that both speak. Rejects as the connection does; EngineUnusable `version`. */
export async function greet(docker: Docker, endpoint: FoundEndpoint): Promise<Greeting> {
  const { 'api-version': newest, date } = await ping(docker);
  const api = commonVersion(typeof newest === 'string' ? newest : undefined);
  if (typeof api !== 'string') throw new EngineUnusable(endpoint, api);
  const time = Date.parse(date ?? '');
  return { api, time: Number.isNaN(time) ? Date.now() : time };
}

/** Asks an engine for what a person sees of it. */
export async function identify(docker: Docker): Promise<Identity> {
  const [version, info] = await Promise.all([docker.version(), docker.info() as Promise<{ Name?: string }>]);
  const components = (version as { Components?: { Name: string; Version: string }[] }).Components ?? [];
  const podman = components.find(({ Name }) => /podman/i.test(Name));
  return {
    engine: podman === undefined ? 'docker' : 'podman',
    version: (podman?.Version ?? version.Version).slice(0, 100),
    host: (info.Name ?? '').slice(0, 255),
  };
}

/** The head of the answer to `GET /_ping`. */
function ping(docker: Docker): Promise<IncomingMessage['headers']> {
  const modem = docker.modem as {
    dial(request: object, answered: (error: Error | null, answer: IncomingMessage) => void): void;
  };
  return new Promise((resolve, reject) => {
    const statusCodes = { 200: true, 500: 'server error' };
    modem.dial({ path: '/_ping', method: 'GET', isStream: true, statusCodes }, (error, answer) => {
      if (error) return reject(error);
      answer.resume();
      resolve(answer.headers);
    });
  });
}
