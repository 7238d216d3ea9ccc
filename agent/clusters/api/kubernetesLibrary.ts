import type { Agent, RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { FoundContext } from '../contexts/foundContext';

// What the library has and we have not: OpenID Connect, and agents that go through proxies. It has 2 MB, and most
// clusters need neither.

/** A KubeConfig of one context. It keeps tokens that it renewed, so the same one is to be asked again. */
export function libraryConfig({ cluster, user, name }: FoundContext): KubeConfig {
  const config = new KubeConfig();
  const { authProvider } = user;
  const { caFile, caData, proxy } = cluster;
  config.loadFromOptions({
    clusters: [
      {
        name,
        server: cluster.server,
        skipTLSVerify: cluster.insecure,
        ...(cluster.tlsServerName !== undefined && { tlsServerName: cluster.tlsServerName }),
        ...(caFile !== undefined && { caFile }),
        ...(caData !== undefined && { caData }),
        ...(proxy !== undefined && { proxyUrl: proxy }),
      },
    ],
    users: [
      {
        name,
        ...(authProvider && { authProvider: { ...authProvider, config: { ...authProvider.config } } }),
      },
    ],
    contexts: [{ name, cluster: name, user: name }],
    currentContext: name,
  });
  return config;
}

/** The token that the OpenID Connect provider gives; undefined where a person has to log in. */
export async function oidcToken(config: KubeConfig): Promise<string | undefined> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const headers = options.headers as Readonly<Record<string, string>> | undefined;
  return headers?.['Authorization']?.replace(/^Bearer /, '');
}

/** An agent that goes through the proxy of the cluster, or through `proxy`. */
export async function proxyAgent(
  context: FoundContext,
  proxy: string,
  tls: { readonly cert?: string | Buffer; readonly key?: string | Buffer },
): Promise<Agent> {
  const { cert, key } = tls;
  const user = {
    ...(cert !== undefined && { certData: Buffer.from(cert).toString('base64') }),
    ...(key !== undefined && { keyData: Buffer.from(key).toString('base64') }),
    impersonate: {},
  };
  const config = libraryConfig({ ...context, cluster: { ...context.cluster, proxy }, user });
  config.users = config.users.map(each => ({ ...each, ...user }));
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return options.agent as Agent;
}
