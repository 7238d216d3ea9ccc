import type { Config } from '../../config/configFile';
import type { ContainerAccess, OpenTarget, TargetUse } from '../../executors/container/access';
import { type PodTarget, resolvePodTarget } from '../../runbook/podTarget';
import { ClusterApi } from '../api/clusterApi';
import { findContexts } from '../contexts/findContexts';
import type { FoundContext } from '../contexts/foundContext';
import { openPod } from './openPod';

type Searched = Pick<Config, 'production' | 'readOnly' | 'kubeconfigs'>;
type Client = Pick<TargetUse, 'env' | 'cwd'>;

/** Opens pods of the clusters that a client can use; `config`: its `config.yaml`, which may name further kubeconfigs. */
export function openPodsOfClient(config: () => Searched): OpenTarget {
  return async ({ target, env, cwd, user, signal }) => {
    if (user !== undefined)
      throw new Error(
        `user=${user} is not possible in a pod: what a cluster runs there runs as the container does.`,
      );
    const meant = (client: Client) => contextOf(target, client, config());
    const { context, pod } = meant({ env, cwd });
    const way = new Way(context);
    try {
      return kept(await openPod(way, pod, signal), way, client => meant(client).context);
    } catch (error) {
      way.close();
      throw error;
    }
  };
}

/** Goes on as the same user of the same cluster with what logs in now; whoever means others gets another pod. */
function kept(access: ContainerAccess, way: Way, meant: (client: Client) => FoundContext): ContainerAccess {
  return {
    ...access,
    isMeant: client => way.follow(meant(client)),
    close() {
      way.close();
      return Promise.resolve();
    },
  };
}

/** The way to a cluster, over changes of what logs in. */
class Way {
  #context: FoundContext;
  /** The last one counts; connections of the others are still in use. */
  readonly #apis: [ClusterApi, ...ClusterApi[]];

  constructor(context: FoundContext) {
    this.#context = context;
    this.#apis = [new ClusterApi(context)];
  }

  get api(): ClusterApi {
    return this.#apis.at(-1) ?? this.#apis[0];
  }

  /** Takes what logs in now; false where that is somebody else, or elsewhere. */
  follow(context: FoundContext): boolean {
    if (whoAndWhere(context) !== whoAndWhere(this.#context)) return false;
    const wayOf = ({ cluster, user, env }: FoundContext): string => JSON.stringify([cluster, user, env]);
    if (wayOf(context) === wayOf(this.#context)) return true;
    this.#context = context;
    this.#apis.push(new ClusterApi(context));
    return true;
  }

  close(): void {
    for (const api of this.#apis) api.close();
  }
}

/** Without what is renewed from time to time: tokens and certificates of the user. */
function whoAndWhere({ name, cluster, userName, user: { impersonate, plugin } }: FoundContext): string {
  return JSON.stringify([name, cluster, userName, impersonate, plugin?.command, plugin?.args]);
}

/** What a target means to a client. Throws an Error for a person. */
function contextOf(
  target: string,
  { env, cwd }: Client,
  config: Searched,
): { context: FoundContext; pod: PodTarget } {
  const { contexts } = findContexts({ env, cwd, config, isConfigBroken: false });
  const resolved = resolvePodTarget(target, name => contexts.some(each => each.name === name));
  if ('problem' in resolved) throw new Error(`${resolved.problem}. ${wordContexts(contexts)}`);
  const context = chosen(contexts, resolved.found.on);
  if (context.invalid === undefined) return { context, pod: resolved.found };
  throw new Error([context.invalid.message, context.invalid.hint].filter(Boolean).join('. '));
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
