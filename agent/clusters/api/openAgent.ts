import { Agent as PlainAgent } from 'node:http';
import { Agent, type AgentOptions } from 'node:https';
import type { FoundContext } from '../contexts/foundContext';
import type { Credential } from './credential';
import { readGiven } from './readGiven';

/** What TLS needs to reach a cluster as somebody. Throws ClusterUnusable where a file cannot be read. */
export function tlsOptions(
  context: FoundContext,
  { cert, key }: Pick<Credential, 'cert' | 'key'>,
): AgentOptions & { servername?: string } {
  const { cluster } = context;
  const ca = readGiven(context, 'certificate of the authority', cluster.caFile, cluster.caData);
  return {
    ...(ca && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(cluster.tlsServerName !== undefined && { servername: cluster.tlsServerName }),
    rejectUnauthorized: !cluster.insecure,
  };
}

/** Connections that are kept for the next request. */
export const mostFree = 4;

/** The connections to one cluster as one user; kept open for the next request, watches among them. */
export async function openAgent(context: FoundContext, credential: Credential): Promise<PlainAgent> {
  const proxy = proxyOf(context);
  const options = {
    keepAlive: true,
    keepAliveMsecs: 30_000,
    maxFreeSockets: mostFree,
    scheduling: 'lifo',
  } as const;
  if (proxy !== undefined) {
    const { proxyAgent } = await import('./kubernetesLibrary');
    return proxyAgent(context, proxy, credential);
  }
  if (context.cluster.server.startsWith('http://')) return new PlainAgent(options);
  return new Agent({ ...options, ...tlsOptions(context, credential) });
}

/** The proxy on the way to a cluster: the kubeconfig's, else the environment's, as curl and kubectl read it. */
export function proxyOf({ cluster, env }: Pick<FoundContext, 'cluster' | 'env'>): string | undefined {
  if (cluster.proxy !== undefined) return cluster.proxy;
  const url = new URL(cluster.server);
  const variable = (name: string): string | undefined => env[name.toLowerCase()] || env[name.toUpperCase()];
  const proxy = variable(url.protocol === 'https:' ? 'https_proxy' : 'http_proxy');
  if (proxy === undefined || isExempt(url.hostname, variable('no_proxy') ?? '')) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** Loopback never goes through a proxy, as with Go's programs. */
function isExempt(host: string, exempt: string): boolean {
  if (isLoopback(host)) return true;
  return exempt
    .split(',')
    .map(each => each.trim().replace(/^\*?\./, ''))
    .some(each => each === '*' || (each !== '' && (host === each || host.endsWith(`.${each}`))));
}

/** Whether a host is this machine, as far as its name tells. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}
