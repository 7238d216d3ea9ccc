import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { readJson } from '../endpoints/readJson';

/** What an engine is given to log in at a registry: https://docs.docker.com/reference/api/engine/version/v1.44/#section/Authentication */
export interface RegistryLogin {
  readonly serveraddress: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
}

/** https://github.com/docker/cli/blob/master/cli/config/configfile/file.go */
const ConfigJson = z.object({
  auths: z
    .record(z.string(), z.object({ auth: z.string().optional(), identitytoken: z.string().optional() }))
    .default({}),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).default({}),
});

/** What Docker's own program calls its registry. */
const hub = 'https://index.docker.io/v1/';

/** A helper that waits for somebody to unlock something must not hold up a cell for ever. Milliseconds. */
const helperDeadline = 20_000;

/**
 * What Docker's own program would log in with at the registry of an image, by the `config.json` of whoever has this
 * environment; undefined where it has nothing. Rejects with an Error for a person where that cannot be found out.
 */
export async function registryLogin(
  reference: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<RegistryLogin | undefined> {
  const folder = env['DOCKER_CONFIG'] || join(env['HOME'] || homedir(), '.docker');
  const file = join(folder, 'config.json');
  const { value, problem } = readJson(file, ConfigJson);
  if (problem !== undefined) throw new Error(`${file} cannot be used to log in: ${problem.message}`);
  if (value === undefined) return undefined;
  const registry = registryOf(reference);
  const helper =
    value.credHelpers[registry === hub ? 'docker.io' : registry] ??
    value.credHelpers[registry] ??
    value.credsStore;
  if (helper !== undefined && helper !== '') return fromHelper(helper, registry, env);
  const [, found] = Object.entries(value.auths).find(([name]) => hostOf(name) === hostOf(registry)) ?? [];
  return found && fromFile(found, registry);
}

/** The registry of an image: the first part of its name, where that looks like a host. */
export function registryOf(reference: string): string {
  const [first = '', ...others] = reference.split('/');
  return others.length > 0 && (/[.:]/.test(first) || first === 'localhost') && first !== 'docker.io'
    ? first
    : hub;
}

function hostOf(registry: string): string {
  return registry.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}

function fromFile(
  { auth, identitytoken }: { auth?: string | undefined; identitytoken?: string | undefined },
  serveraddress: string,
): RegistryLogin | undefined {
  const [, username = '', password = ''] =
    /^([^:]*):([^]*)$/.exec(
      Buffer.from(auth ?? '', 'base64')
        .toString()
        .replace(/\0+$/, ''),
    ) ?? [];
  if (identitytoken) return { serveraddress, identitytoken, ...(username && { username }) };
  return username === '' ? undefined : { serveraddress, username, password };
}

const Answer = z.object({ Username: z.string(), Secret: z.string() });

/** https://github.com/docker/docker-credential-helpers#development */
async function fromHelper(
  helper: string,
  serveraddress: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<RegistryLogin | undefined> {
  const program = `docker-credential-${helper}`;
  if (!/^[\w.-]+$/.test(helper))
    throw new Error(`${program} is no name of a program that could tell a login`);
  const { out, failed } = await ask(program, serveraddress, env);
  // That is all it says where it has none.
  if (failed !== undefined && /not found in native keychain|credentials not found/i.test(out))
    return undefined;
  if (failed !== undefined)
    throw new Error(`${program} did not tell the login at ${hostOf(serveraddress)}: ${failed}`);
  const { data } = Answer.safeParse(jsonOf(out));
  if (data === undefined) throw new Error(`${program} answered with something that is no login`);
  const { Username: username, Secret: secret } = data;
  return username === '<token>'
    ? { serveraddress, identitytoken: secret }
    : { serveraddress, username, password: secret };
}

function ask(
  program: string,
  input: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ out: string; failed: string | undefined }> {
  return new Promise(resolve => {
    const options = { env, timeout: helperDeadline, killSignal: 'SIGKILL', maxBuffer: 1024 * 1024 } as const;
    const child = execFile(program, ['get'], options, (error, out, err) => {
      const isLate = error?.killed === true ? `it took longer than ${helperDeadline / 1000} s` : undefined;
      const isMissing = error?.code === 'ENOENT' ? 'it is not on PATH' : undefined;
      const failed =
        error === null ? undefined : (isLate ?? isMissing ?? (err.trim() || out.trim() || error.message));
      resolve({ out, failed: failed?.slice(0, 500) });
    });
    // One that does not read has its own reasons.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
