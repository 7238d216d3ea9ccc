import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { ownContextOf, ownKubeconfigName, withoutOwnContext } from '../../identity/ownContext';
import { makeFolder } from '../../makeFolder';
import type { ClientEnvironment } from '../../protocol/runs';
import { findContexts } from './findContexts';

/**
 * The environment of a runbook with a context of its own: its `KUBECONFIG` begins with a private file that makes this
 * context the current one and describes it, and goes on with the client's files, where its cluster and user are. So no
 * secret is copied, and what `kubectl config` changes, it changes in that file. `folder`: of the process's sessions.
 */
export function withOwnKubeconfig<T extends Pick<ClientEnvironment, 'env' | 'cwd'>>(
  environment: T,
  folder: string,
): T {
  const { env, cwd } = environment;
  const context = ownContextOf(env);
  const rest = withoutOwnContext(env);
  if (context === undefined) return { ...environment, env: rest };
  const path = join(folder, 'contexts', randomUUID(), ownKubeconfigName);
  makeFolder(dirname(path));
  writeFileSync(path, `${JSON.stringify(kubeconfigOf(context, env, cwd), null, 2)}\n`, {
    mode: 0o600,
    flag: 'wx',
  });
  return { ...environment, env: { ...rest, KUBECONFIG: [path, usual(env)].join(delimiter) } };
}

function usual(env: Readonly<Record<string, string>>): string {
  const home = env[process.platform === 'win32' ? 'USERPROFILE' : 'HOME'] ?? homedir();
  return env['KUBECONFIG'] || join(home, '.kube', 'config');
}

/** JSON is YAML. */
function kubeconfigOf(name: string, env: Readonly<Record<string, string>>, cwd: string): object {
  const config = { production: [], readOnly: [], kubeconfigs: [] };
  const found = findContexts({ env, cwd, config, isConfigBroken: false }).contexts.find(
    each => each.name === name,
  );
  const context = found && {
    cluster: found.clusterName,
    namespace: found.namespace,
    ...(found.userName !== '' && { user: found.userName }),
  };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [],
    users: [],
    contexts: context === undefined ? [] : [{ name, context }],
  };
}
