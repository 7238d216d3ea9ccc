import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from '../../executors/programs';
import { HandrailError } from '../../protocol/errors';
import { placeOf } from '../actions/actionCommands';
import type { FoundEndpoint } from '../endpoints/foundEndpoint';

const run = promisify(execFile);

/** Milliseconds that a program may take to say whether it knows compose. */
const deadline = 10_000;

/** The beginning of a command line that runs compose on an endpoint. */
export interface ComposeProgram {
  /** Absolute path. */
  readonly program: string;
  /** What a person types. */
  readonly name: string;
  readonly args: readonly string[];
}

/**
 * Finds compose as a client with this environment has it: a plugin of `docker`, or a program of its own. Throws HandrailError
 * `engine` where it is not installed.
 */
export async function composeProgram(
  endpoint: FoundEndpoint,
  env: Readonly<Record<string, string>>,
): Promise<ComposeProgram> {
  const docker = findProgram('docker', env['PATH'], '/');
  if (docker !== undefined && (await knowsCompose(docker, env)))
    return { program: docker, name: 'docker', args: [...placeOf(endpoint), 'compose'] };
  const own = findProgram('docker-compose', env['PATH'], '/');
  if (own !== undefined) return { program: own, name: 'docker-compose', args: placeOf(endpoint) };
  const hint = 'Install it: https://docs.docker.com/compose/install';
  throw new HandrailError('engine', 'Docker Compose is not installed on this machine', { hint });
}

async function knowsCompose(docker: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  try {
    await run(docker, ['compose', 'version'], { env, timeout: deadline });
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === undefined) throw error;
    return false;
  }
}
