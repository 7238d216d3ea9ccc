import { existsSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import type { ClientEnvironment } from '../../protocol/runs';
import { SecretFailure } from '../secretFailure';
import { execCredential } from './execCredential';
import { homeOf } from './homeOf';

export interface KubernetesConnection {
  readonly server: string;
  /** What to call it in a message: the context. */
  readonly cluster: string;
  readonly options: RequestOptions;
}

/** How to reach and log in to a context of the client's kubeconfig. Changes nothing in it. */
export async function connectionOf(
  wanted: string | undefined,
  { environment, signal }: { environment: ClientEnvironment; signal: AbortSignal },
): Promise<KubernetesConnection> {
  const config = load(environment);
  const context = wanted ?? config.currentContext;
  const there = config.contexts.map(({ name }) => name).join(', ') || 'none';
  if (!config.getContextObject(context)) {
    const why = wanted === undefined ? 'there is no current context' : `there is no context ${wanted}`;
    throw new SecretFailure(
      'misconfigured',
      `${why} in the kubeconfig; it has ${there}`,
      'Name one of them.',
    );
  }
  config.setCurrentContext(context);
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  if (!cluster) {
    throw new SecretFailure(
      'misconfigured',
      `context ${context} names a cluster that is not there`,
      'Correct the kubeconfig.',
    );
  }
  // The library would start a login program in the agent's environment, and could not end it.
  config.users = config.users.map(one => ({ ...one, exec: undefined }));
  const options: RequestOptions = {};
  await apply(config, options);
  if (user?.exec) Object.assign(options, await execCredential(user.exec, environment, signal));
  return { server: cluster.server, cluster: context, options };
}

async function apply(config: KubeConfig, options: RequestOptions): Promise<void> {
  try {
    await config.applyToHTTPSOptions(options);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = `the login of the kubeconfig cannot be used${code === undefined ? '' : ` (${code})`}`;
    throw new SecretFailure('misconfigured', why, 'Try `kubectl get secrets` in a terminal.', { cause });
  }
}

/** The files of KUBECONFIG together: of two entries with one name the first counts, as with kubectl. */
function load(environment: ClientEnvironment): KubeConfig {
  const files = filesOf(environment).filter(file => existsSync(file));
  if (files.length === 0) {
    const why = `there is no kubeconfig: ${filesOf(environment).join(', ')}`;
    throw new SecretFailure('missing', why, 'Set KUBECONFIG, or log in to a cluster first.');
  }
  const all = files.map(loadFile);
  const config = new KubeConfig();
  config.clusters = firstOfEach(all.flatMap(({ clusters }) => clusters));
  config.users = firstOfEach(all.flatMap(({ users }) => users));
  config.contexts = firstOfEach(all.flatMap(({ contexts }) => contexts));
  config.currentContext = all.map(({ currentContext }) => currentContext).find(Boolean) ?? '';
  return config;
}

function filesOf(environment: ClientEnvironment): string[] {
  const set = environment.env['KUBECONFIG'];
  if (!set) return [join(homeOf(environment), '.kube', 'config')];
  return set
    .split(delimiter)
    .filter(path => path !== '')
    .map(path => (isAbsolute(path) ? path : resolve(environment.cwd, path)));
}

function loadFile(file: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromFile(file);
  } catch (cause) {
    const why = `the kubeconfig ${file} cannot be read`;
    throw new SecretFailure('misconfigured', why, 'Try `kubectl config view`.', { cause });
  }
  return config;
}

function firstOfEach<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  return entries.filter(({ name }, index) => entries.findIndex(entry => entry.name === name) === index);
}
