import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfiguredEndpoints } from '../../config/configFile';
import { sameAddress } from './addresses';
import { configuredEndpoints } from './configuredEndpoints';
import { type DockerFiles, metaFile, readDockerFiles, tlsFilesIn } from './dockerFiles';
import { defaultSocket, engineSockets } from './engineSockets';
import type { Found, FoundEndpoint, Looked } from './foundEndpoint';
import { sshEnvironment } from './sshEnvironment';

/** For whom engines are looked for. */
export interface Searcher {
  /** The client's: only what {@link EngineEnvironment} names is used. */
  readonly env: Readonly<Record<string, string>>;
  readonly configured: ConfiguredEndpoints;
  readonly uid: number;
  readonly platform: NodeJS.Platform;
  /** Ids of endpoints that stay although their socket has gone: somebody looks at them. */
  readonly kept?: ReadonlySet<string>;
}

/** Finds the engines that a client could use, in files and sockets; contacts none. */
export function findEndpoints(searcher: Searcher): Found {
  const { env, configured } = searcher;
  const folder = env['DOCKER_CONFIG'] ?? join(env['HOME'] ?? '/', '.docker');
  const files = readDockerFiles(folder);
  const current = currentId(env, files);
  const named = [
    ...ofEnvironment(env, folder),
    ...ofContexts(files, searcher, current),
    ...configuredEndpoints(configured, env),
  ];
  const sockets = ofSockets(searcher);
  const taken = new Set(named.map(({ address }) => sameAddress(address)));
  const unnamed = sockets.endpoints.filter(({ address }) => {
    const same = sameAddress(address);
    return !taken.has(same) && taken.add(same);
  });
  return {
    endpoints: [...named, ...unnamed].map(endpoint => ({ ...endpoint, current: endpoint.id === current })),
    looked: [...lookedAt(env, files), ...sockets.looked],
    problems: files.problems,
    places: [...files.places, ...sockets.places],
  };
}

/** As `docker` chooses: `DOCKER_HOST` before `DOCKER_CONTEXT` before the file. */
function currentId(env: Searcher['env'], { current }: DockerFiles): string {
  if (env['DOCKER_HOST']) return 'environment';
  return `context:${env['DOCKER_CONTEXT'] || current || 'default'}`;
}

function ofEnvironment(env: Searcher['env'], folder: string): FoundEndpoint[] {
  const found: FoundEndpoint[] = [];
  const common = { source: 'environment', current: false, env: sshEnvironment(env) } as const;
  const { DOCKER_HOST: docker, CONTAINER_HOST: podman } = env;
  if (docker) {
    const tls = tlsOfEnvironment(env, folder);
    const address = docker.includes('://') ? docker : `tcp://${docker}`;
    const name = 'docker (DOCKER_HOST)';
    found.push({ ...common, id: 'environment', name, address, ...(tls && { tls }) });
  }
  if (podman) {
    const name = 'podman (CONTAINER_HOST)';
    found.push({ ...common, id: 'environment:podman', name, address: podman, remote: 'podman' });
  }
  return found;
}

/** https://docs.docker.com/reference/cli/docker/#environment-variables */
function tlsOfEnvironment(env: Searcher['env'], folder: string): FoundEndpoint['tls'] {
  const verify = Boolean(env['DOCKER_TLS_VERIFY']);
  if (!verify && !env['DOCKER_TLS']) return undefined;
  return tlsFilesIn(env['DOCKER_CERT_PATH'] || folder, verify) ?? { verify };
}

function ofContexts(files: DockerFiles, searcher: Searcher, current: string): FoundEndpoint[] {
  const { platform, env } = searcher;
  const common = { source: 'context', current: false, env: sshEnvironment(env) } as const;
  const usual = addressOf(defaultSocket(platform), platform);
  const found = files.contexts.map(({ name, host, tls }): FoundEndpoint => {
    const address = host === '' ? usual : host;
    return { ...common, id: `context:${name}`, name, address, ...(tls && { tls }) };
  });
  const wanted = /^context:(.*)$/s.exec(current)?.[1] ?? 'default';
  if (wanted !== 'default' && !found.some(({ id }) => id === current)) {
    found.push({ ...common, id: current, name: wanted, address: '', invalid: missing(wanted, files) });
  }
  return found;
}

function missing(name: string, { folder, problems }: DockerFiles): NonNullable<FoundEndpoint['invalid']> {
  const file = metaFile(folder, name);
  const broken = problems.find(problem => problem.file === file);
  if (broken !== undefined)
    return { message: `${file}: ${broken.message}`, ...(broken.hint && { hint: broken.hint }) };
  return {
    message: `The current context is ${name}, and there is none of that name in ${folder}`,
    hint: 'docker context ls shows those that are there; docker context use NAME chooses one.',
  };
}

/** The default socket and its kin, where they are there. */
function ofSockets(searcher: Searcher): Found {
  const { env, platform, uid, kept } = searcher;
  const usual = { path: defaultSocket(platform), name: 'docker (default)', id: 'context:default' };
  const others = engineSockets(env, platform, uid).map(socket => ({
    ...socket,
    id: `socket:${socket.path}`,
  }));
  const all = [usual, ...others].map(socket => ({ ...socket, isThere: existsSync(socket.path) }));
  const endpoints = all
    .filter(({ id, isThere }) => isThere || kept?.has(id))
    .map(({ id, name, path }): FoundEndpoint => ({
      id,
      name,
      source: id === usual.id ? 'context' : 'socket',
      address: addressOf(path, platform),
      current: false,
      env: {},
    }));
  const looked = all.map(({ path, isThere }) => ({ place: path, found: isThere ? 'a socket' : 'not there' }));
  return { endpoints, looked, problems: [], places: all.map(({ path }) => path) };
}

function addressOf(path: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? `npipe://${path}` : `unix://${path}`;
}

function lookedAt(env: Searcher['env'], { folder, contexts, problems }: DockerFiles): Looked[] {
  const words = contexts.length === 0 ? 'none' : contexts.map(({ name }) => name).join(', ');
  const broken = problems.length === 0 ? '' : ` (${problems.length} cannot be read)`;
  return [
    { place: 'DOCKER_HOST', found: env['DOCKER_HOST'] || 'not set' },
    { place: 'CONTAINER_HOST', found: env['CONTAINER_HOST'] || 'not set' },
    { place: `contexts in ${folder}`, found: `${words}${broken}` },
  ];
}
