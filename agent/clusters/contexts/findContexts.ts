import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { Config } from '../../config/configFile';
import type { Login } from '../../protocol/contexts';
import { clusterEntry, text, userEntry } from './entries';
import type { ClusterEntry, FoundContext, KubeconfigProblem, UserEntry } from './foundContext';
import { type Entry, type KubeconfigFile, readKubeconfig } from './kubeconfigFile';
import { type Merged, mergeKubeconfigs } from './mergeKubeconfigs';

type Env = Readonly<Record<string, string>>;

/** For whom contexts are looked for. */
export interface Searcher {
  readonly env: Env;
  /** Where relative paths of `KUBECONFIG` start; without it they are not read. */
  readonly cwd?: string;
  readonly config: Pick<Config, 'production' | 'readOnly' | 'kubeconfigs'>;
  /** Nobody knows what is to be protected: then everything is. */
  readonly isConfigBroken: boolean;
  readonly read?: (file: string) => KubeconfigFile;
}

/** The contexts that were found. */
export interface FoundContexts {
  readonly contexts: readonly FoundContext[];
  readonly looked: readonly { readonly place: string; readonly found: string }[];
  readonly problems: readonly KubeconfigProblem[];
  /** Files, there or not, that change what is found. */
  readonly places: readonly string[];
}

/** Finds the contexts that a client could use, in files; contacts nothing and runs nothing. */
export function findContexts(searcher: Searcher): FoundContexts {
  const { read = readKubeconfig } = searcher;
  const own = filesOf(searcher).map(file => read(file));
  const merged = mergeKubeconfigs(own);
  const extras = extraFiles(searcher, own).map(file => read(file));
  const extraSets = extras.map(file => mergeKubeconfigs([file]));
  const files = [...own, ...extras];
  const contexts = [
    ...contextsOf(merged, searcher, false),
    ...extraSets.flatMap(set => contextsOf(set, searcher, true)),
  ];
  return {
    contexts,
    looked: files.map(({ file, found }) => ({ place: file, found })),
    problems: [...files.flatMap(({ problems }) => problems), ...merged.problems],
    places: files.map(({ file }) => file),
  };
}

/** As kubectl looks: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_config/ */
function filesOf({ env, cwd }: Searcher): string[] {
  const set = env['KUBECONFIG'];
  if (!set) return [join(env['HOME'] ?? env['USERPROFILE'] ?? '/', '.kube', 'config')];
  const paths = set.split(delimiter).filter(path => path !== '');
  return [...new Set(paths.flatMap(path => (isAbsolute(path) ? path : cwd ? resolve(cwd, path) : [])))];
}

function extraFiles({ env, config }: Searcher, own: readonly KubeconfigFile[]): string[] {
  const home = env['HOME'] ?? '~';
  const taken = new Set(own.map(({ file }) => file));
  return config.kubeconfigs
    .map(path => path.replace(/^~(?=[\\/])/, home))
    .filter(path => isAbsolute(path) && !taken.has(path) && taken.add(path));
}

function contextsOf(merged: Merged, searcher: Searcher, isExtra: boolean): FoundContext[] {
  return merged.contexts.map(entry => contextOf(entry, merged, searcher, isExtra));
}

function contextOf(entry: Entry, merged: Merged, searcher: Searcher, isExtra: boolean): FoundContext {
  const { name, file, value } = entry;
  const clusterName = text(value, 'cluster') ?? '';
  const userName = text(value, 'user') ?? '';
  const clusterOf = merged.clusters.get(clusterName);
  const userOf = merged.users.get(userName);
  const cluster = clusterOf === undefined ? noCluster : clusterEntry(clusterOf);
  const user = userOf === undefined ? noUser : userEntry(userOf, clusterOf);
  const invalid = whyInvalid({ entry, clusterName, userName, clusterOf, userOf, cluster, user });
  const { config, isConfigBroken } = searcher;
  return {
    id: isExtra ? `${name}@${file}` : name,
    name,
    clusterName,
    userName,
    cluster,
    user,
    namespace: text(value, 'namespace') ?? 'default',
    file,
    isExtra,
    current: !isExtra && merged.current === name,
    production: isConfigBroken || config.production.some(pattern => pattern.matches(name)),
    readOnly: isConfigBroken || config.readOnly.some(pattern => pattern.matches(name)),
    insecure: cluster.insecure || cluster.server.startsWith('http://'),
    login: loginOf(user),
    ...(user.plugin && { plugin: user.plugin.command }),
    env: neededOf(searcher.env, user),
    ...(invalid && { invalid }),
  };
}

const noCluster: ClusterEntry = { server: '', insecure: false };
const noUser: UserEntry = { impersonate: {} };

interface Named {
  readonly entry: Entry;
  readonly clusterName: string;
  readonly userName: string;
  readonly clusterOf: Entry | undefined;
  readonly userOf: Entry | undefined;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
}

function whyInvalid(named: Named): FoundContext['invalid'] {
  const { entry, clusterName, userName, clusterOf, userOf, cluster, user } = named;
  const at = `${entry.file}:${entry.line}`;
  if (clusterName === '') return { message: `The context ${entry.name} names no cluster (${at})` };
  if (clusterOf === undefined)
    return {
      message: `The context ${entry.name} names the cluster ${clusterName}, which is in no kubeconfig (${at})`,
    };
  if (userName !== '' && userOf === undefined)
    return {
      message: `The context ${entry.name} names the user ${userName}, who is in no kubeconfig (${at})`,
    };
  if (!URL.canParse(cluster.server) || !/^https?:$/.test(new URL(cluster.server).protocol)) {
    const place = `${clusterOf.file}:${clusterOf.line}`;
    return {
      message: `The cluster ${clusterName} has no address that can be used: ${cluster.server || 'none'} (${place})`,
    };
  }
  const provider = user.authProvider?.name;
  if (provider !== undefined && provider !== 'oidc') {
    return {
      message: `The user ${userName} logs in by the provider ${provider}, which kubectl gave up with 1.26`,
      hint: 'Let your cloud write the kubeconfig anew: it then names a credential plugin.',
    };
  }
  return undefined;
}

function loginOf(user: UserEntry): Login {
  if (user.plugin !== undefined) return 'plugin';
  if (user.authProvider !== undefined) return 'oidc';
  if (user.token !== undefined || user.tokenFile !== undefined) return 'token';
  if (user.certData !== undefined || user.certFile !== undefined) return 'certificate';
  return user.username === undefined ? 'none' : 'password';
}

function neededOf(env: Env, user: UserEntry): Env {
  if (user.plugin !== undefined) return env;
  return Object.fromEntries(Object.entries(env).filter(([name]) => /^(https?|no|all)_proxy$/i.test(name)));
}
