import type { IncomingMessage } from 'node:http';
import type Docker from 'dockerode';
import type { FoundEndpoint } from '../endpoints/foundEndpoint';
import { EngineUnusable } from './trouble';

/** Versions of the API that are spoken here: from Docker 1.13 (2017) on. */
export const ownVersions = { least: '1.25', most: '1.51' } as const;

/** What an engine says of itself. */
export interface Greeting {
  readonly engine: 'docker' | 'podman';
  readonly version: string;
  /** Version of the API that both speak. */
  readonly api: string;
  readonly host: string;
  /** Its clock, milliseconds since 1970. */
  readonly time: number;
}

/** The newest version of the API that both speak. Rejects as the connection does; EngineUnusable `version`. */
export async function negotiate(docker: Docker, endpoint: FoundEndpoint): Promise<string> {
  const { most, least } = ownVersions;
  const newest = await ping(docker);
  if (newest === undefined) return most;
  if (isOlder(newest, least)) throw unspoken(endpoint, `at most ${newest}`, 'older', 'Update the engine.');
  return isOlder(newest, most) ? newest : most;
}

/** Asks an engine for what a person sees of it. `docker` speaks the version `api`. */
export async function greet(docker: Docker, endpoint: FoundEndpoint, api: string): Promise<Greeting> {
  const [version, info] = await Promise.all([askVersion(docker, endpoint), docker.info() as Promise<Info>]);
  const components = (version as { Components?: { Name: string; Version: string }[] }).Components ?? [];
  const podman = components.find(({ Name }) => /podman/i.test(Name));
  const time = Date.parse(info.SystemTime ?? '');
  return {
    engine: podman === undefined ? 'docker' : 'podman',
    version: (podman?.Version ?? version.Version).slice(0, 100),
    api,
    host: (info.Name ?? '').slice(0, 255),
    time: Number.isNaN(time) ? Date.now() : time,
  };
}

interface Info {
  readonly Name?: string;
  readonly SystemTime?: string;
}

/** An engine that has dropped our newest version answers 400 and says its oldest. */
async function askVersion(docker: Docker, endpoint: FoundEndpoint): Promise<Docker.DockerVersion> {
  try {
    return await docker.version();
  } catch (error) {
    const { statusCode, message = '' } = error as Error & { statusCode?: number };
    if (statusCode !== 400 || !/too old|minimum/i.test(message)) throw error;
    const [, oldest = 'a newer one'] = /Minimum supported API version is ([\d.]+)/i.exec(message) ?? [];
    throw unspoken(endpoint, `at least ${oldest}`, 'newer', 'Update Handrail.', error);
  }
}

/** The version that `GET /_ping` names in its head. */
function ping(docker: Docker): Promise<string | undefined> {
  const modem = docker.modem as {
    dial(request: object, answered: (error: Error | null, answer: IncomingMessage) => void): void;
  };
  return new Promise((resolve, reject) => {
    const statusCodes = { 200: true, 500: 'server error' };
    modem.dial({ path: '/_ping', method: 'GET', isStream: true, statusCodes }, (error, answer) => {
      if (error) return reject(error);
      answer.resume();
      const { 'api-version': version } = answer.headers;
      resolve(typeof version === 'string' ? version : undefined);
    });
  });
}

function unspoken(
  endpoint: FoundEndpoint,
  theirs: string,
  comparison: 'older' | 'newer',
  hint: string,
  cause?: unknown,
): EngineUnusable {
  const { least, most } = ownVersions;
  const message = `The engine is ${comparison} than what Handrail speaks: ${theirs} of the API, and not ${least} to ${most}`;
  return new EngineUnusable(endpoint, { trouble: 'version', message, hint }, cause);
}

function isOlder(a: string, b: string): boolean {
  const [x = [], y = []] = [a, b].map(version => version.split('.').map(Number));
  return (x[0] ?? 0) - (y[0] ?? 0) < 0 || (x[0] === y[0] && (x[1] ?? 0) < (y[1] ?? 0));
}
