import { dirname, isAbsolute, join } from 'node:path';
import type { ClusterEntry, PluginEntry, UserEntry } from './foundContext';
import { type Entry, objectOf } from './kubeconfigFile';

type Fields = Readonly<Record<string, unknown>>;

/** A cluster's entry; relative paths are relative to its file. */
export function clusterEntry({ value, file }: Entry): ClusterEntry {
  return {
    server: text(value, 'server') ?? '',
    insecure: text(value, 'insecure-skip-tls-verify') === 'true',
    ...given('tlsServerName', text(value, 'tls-server-name')),
    ...given('caFile', pathIn(value, 'certificate-authority', file)),
    ...given('caData', text(value, 'certificate-authority-data')),
    ...given('proxy', text(value, 'proxy-url')),
  };
}

/** A user's entry; `cluster` has what its plugin may be told. */
export function userEntry({ value, file }: Entry, cluster: Entry | undefined): UserEntry {
  const provider = objectOf(value['auth-provider']);
  const plugin = pluginEntry(objectOf(value['exec']), file, cluster);
  const name = text(provider, 'name');
  return {
    ...given('certFile', pathIn(value, 'client-certificate', file)),
    ...given('certData', text(value, 'client-certificate-data')),
    ...given('keyFile', pathIn(value, 'client-key', file)),
    ...given('keyData', text(value, 'client-key-data')),
    ...given('token', text(value, 'token')),
    ...given('tokenFile', pathIn(value, 'tokenFile', file)),
    ...given('username', text(value, 'username')),
    ...given('password', text(value, 'password')),
    ...given('plugin', plugin),
    ...given('authProvider', name === undefined ? undefined : { name, config: texts(provider['config']) }),
    impersonate: impersonation(value),
  };
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#configuration */
function pluginEntry(exec: Fields, file: string, cluster: Entry | undefined): PluginEntry | undefined {
  const command = text(exec, 'command');
  if (command === undefined) return undefined;
  const mode = text(exec, 'interactiveMode');
  const env = listOf(exec['env']).map(objectOf);
  return {
    apiVersion: text(exec, 'apiVersion') ?? 'client.authentication.k8s.io/v1',
    // Only what is written as a path is one: `./bin/login`, `aws`.
    command: /[\\/]/.test(command) && !isAbsolute(command) ? join(dirname(file), command) : command,
    args: listOf(exec['args']).map(String),
    env: Object.fromEntries(env.map(each => [text(each, 'name') ?? '', text(each, 'value') ?? ''])),
    interactive: mode === 'Never' || mode === 'Always' ? mode : 'IfAvailable',
    wantsCluster: text(exec, 'provideClusterInfo') === 'true',
    ...given('installHint', text(exec, 'installHint')),
    ...given('clusterConfig', cluster && extensionOf(cluster)),
  };
}

function extensionOf({ value }: Entry): unknown {
  const found = listOf(value['extensions'])
    .map(objectOf)
    .find(each => each['name'] === 'client.authentication.k8s.io/exec');
  return found?.['extension'];
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
function impersonation(value: Fields): UserEntry['impersonate'] {
  const extra = Object.entries(objectOf(value['as-user-extra']));
  const groups = listOf(value['as-groups']).map(String);
  return {
    ...given('Impersonate-User', text(value, 'as')),
    ...given('Impersonate-Uid', text(value, 'as-uid')),
    ...(groups.length > 0 && { 'Impersonate-Group': groups }),
    ...Object.fromEntries(
      extra.map(([name, values]) => [
        `Impersonate-Extra-${encodeURIComponent(name)}`,
        listOf(values).map(String),
      ]),
    ),
  };
}

/** A text that is there and not empty. */
export function text(fields: Fields, key: string): string | undefined {
  const value = fields[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function pathIn(fields: Fields, key: string, file: string): string | undefined {
  const path = text(fields, key);
  return path === undefined || isAbsolute(path) ? path : join(dirname(file), path);
}

function texts(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(objectOf(value)).map(([name, each]) => [name, String(each)]));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function given<K extends string, T>(key: K, value: T | undefined): Partial<Record<K, T>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, T>);
}
