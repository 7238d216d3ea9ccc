import { basename } from 'node:path';
import type { Clusters } from '../clusters/clusters';
import type { FoundContext, PluginEntry } from '../clusters/contexts/foundContext';
import type { LiveCluster } from '../clusters/live/liveCluster';
import { handrailFolders } from '../folders';
import { ProbeFailure } from './types/checkType';

type Use<T> = (cluster: LiveCluster, clusters: Clusters) => Promise<T>;

/** The clusters that checks are about; credentials and connections serve the next probe, too. */
let clusters: Promise<Clusters> | undefined;

/** When a login failed, by the cluster; milliseconds of the clock that never goes back. */
const failed = new WeakMap<LiveCluster, number>();

/** Milliseconds until a login that failed is tried again by itself: somebody may have logged in meanwhile. */
const triedAgain = 5 * 60_000;

/**
 * Asks a cluster something from the background: with what is there to log in with, and nothing that could open a
 * browser or ask a person. Rejects with {@link ProbeFailure}: `unknown` where the cluster cannot be asked.
 *
 * `wanted`: the context by its name; else the one in use.
 */
export async function useCluster<T>(
  wanted: string | undefined,
  { env, folder }: { readonly env: Readonly<Record<string, string>>; readonly folder: string },
  use: Use<T>,
): Promise<T> {
  const all = await (clusters ??= load());
  const context = contextOf(all, wanted, { env, folder });
  const cluster = all.cluster(context);
  if (performance.now() - (failed.get(cluster) ?? Infinity) > triedAgain) {
    failed.delete(cluster);
    cluster.api.credentials.renew();
  }
  try {
    return await use(cluster, all);
  } catch (error) {
    const trouble = cluster.api.troubleOf(error);
    if (trouble === undefined) throw error;
    const isLogin = trouble.trouble === 'login' || trouble.trouble === 'plugin';
    if (isLogin && !failed.has(cluster)) failed.set(cluster, performance.now());
    const words = trouble.hint === undefined ? trouble.message : `${trouble.message}. ${trouble.hint}`;
    throw new ProbeFailure(isLogin ? `log in: ${words}` : words, { unknown: true, cause: error });
  }
}

async function load(): Promise<Clusters> {
  const { createClusters } = await import('../clusters/clusters');
  // Nothing of theirs is watched, so nothing of theirs can fail behind our back.
  return createClusters({ folders: handrailFolders(process.env), report: () => undefined });
}

function contextOf(
  all: Clusters,
  wanted: string | undefined,
  { env, folder }: { env: Readonly<Record<string, string>>; folder: string },
): FoundContext {
  const { contexts } = all.find(env, folder);
  const context = contexts.find(({ name, current }) => (wanted === undefined ? current : name === wanted));
  if (context === undefined) throw new ProbeFailure(noContext(wanted, contexts), { unknown: true });
  const { invalid, user } = context;
  if (invalid !== undefined)
    throw new ProbeFailure([invalid.message, invalid.hint].filter(Boolean).join('. '), { unknown: true });
  if (user.plugin === undefined || isQuiet(user.plugin)) return context;
  const words = `${user.plugin.command} may open a browser or ask, and checks run in the background`;
  const next = 'Give the check a context with a token, a certificate or a service account';
  throw new ProbeFailure(`log in: ${words}. ${next}`, { unknown: true });
}

function noContext(wanted: string | undefined, contexts: readonly FoundContext[]): string {
  const there = [...new Set(contexts.map(({ name }) => name))];
  const list = there.length === 0 ? 'No kubeconfig has one' : `There is ${there.slice(0, 20).join(', ')}`;
  return wanted === undefined
    ? `No context is in use, and the check names none. ${list}`
    : `There is no context ${wanted}. ${list}`;
}

/** Plugins that give what they have or fail: none of them opens a browser. */
const quiet = new Set(['aws', 'aws-iam-authenticator', 'gke-gcloud-auth-plugin', 'doctl']);

function isQuiet({ command, args }: PluginEntry): boolean {
  const name = basename(command).replace(/\.exe$/i, '');
  if (quiet.has(name)) return true;
  // That of Azure, with a login that is there already: https://azure.github.io/kubelogin/concepts/login-modes.html
  const at = args.findIndex(word => word === '-l' || word === '--login');
  const way =
    at >= 0 ? args[at + 1] : args.find(word => word.startsWith('--login='))?.slice('--login='.length);
  return name === 'kubelogin' && /^(azurecli|azd|msi|spn|workloadidentity)$/.test(way ?? '');
}
