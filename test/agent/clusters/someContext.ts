import type { FoundContext, UserEntry } from '../../../agent/clusters/contexts/foundContext';

/** A context as a kubeconfig would tell of it. */
export function someContext(
  server: string,
  user: Partial<UserEntry> = {},
  change: Partial<FoundContext> = {},
): FoundContext {
  return {
    id: 'test',
    name: 'test',
    clusterName: 'c',
    userName: 'ana',
    namespace: 'default',
    file: '/nowhere/config',
    isExtra: false,
    current: true,
    production: false,
    readOnly: false,
    insecure: true,
    login: user.plugin === undefined ? 'token' : 'plugin',
    ...(user.plugin && { plugin: user.plugin.command }),
    cluster: { server, insecure: false },
    user: { impersonate: {}, ...user },
    env: { PATH: process.env['PATH'] ?? '' },
    ...change,
  };
}
