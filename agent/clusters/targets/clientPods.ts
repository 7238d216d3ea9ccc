import type { Config } from '../../config/configFile';
import type { OpenTarget } from '../../executors/container/access';
import { resolvePodTarget } from '../../runbook/podTarget';
import { ClusterApi } from '../api/clusterApi';
import { findContexts } from '../contexts/findContexts';
import type { FoundContext } from '../contexts/foundContext';
import { openPod } from './openPod';

/** Opens pods of the clusters that a client can use; `config`: its `config.yaml`, which may name further kubeconfigs. */
export function openPodsOfClient(
  config: () => Pick<Config, 'production' | 'readOnly' | 'kubeconfigs'>,
): OpenTarget {
  return async ({ target, env, cwd, user, signal }) => {
    if (user !== undefined)
      throw new Error(
        `user=${user} is not possible in a pod: what a cluster runs there runs as the container does.`,
      );
    const { contexts } = findContexts({ env, cwd, config: config(), isConfigBroken: false });
    const resolved = resolvePodTarget(target, name => contexts.some(each => each.name === name));
    if ('problem' in resolved) throw new Error(`${resolved.problem}. ${wordContexts(contexts)}`);
    const context = chosen(contexts, resolved.found.on);
    if (context.invalid !== undefined)
      throw new Error([context.invalid.message, context.invalid.hint].filter(Boolean).join('. '));
    const api = new ClusterApi(context);
    try {
      return await openPod(api, resolved.found, signal);
    } catch (error) {
      api.close();
      throw error;
    }
  };
}

/** By its name, the client's own before those of `config.yaml`; else the one that is in use. */
function chosen(contexts: readonly FoundContext[], name: string | undefined): FoundContext {
  const found = contexts.find(context => (name === undefined ? context.current : context.name === name));
  if (found !== undefined) return found;
  throw new Error(
    `No context is in use, and the target names none: pod:CONTEXT/NAMESPACE/POD. ${wordContexts(contexts)}`,
  );
}

function wordContexts(contexts: readonly FoundContext[]): string {
  if (contexts.length === 0) return 'No kubeconfig has one: set KUBECONFIG, or log in to a cluster.';
  const names = [...new Set(contexts.map(({ name }) => name))];
  const more = names.length > 20 ? ` and ${names.length - 20} others` : '';
  return `There are ${names.slice(0, 20).join(', ')}${more}.`;
}
