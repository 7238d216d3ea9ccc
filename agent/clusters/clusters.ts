import { join } from 'node:path';
import type { StreamSink } from '../byteStream';
import { readConfig } from '../config/readConfig';
import type { Folders } from '../folders';
import type { Forward } from '../protocol/clusterStreams';
import type { Context } from '../protocol/contexts';
import { WatchedPlaces } from '../watchedPlaces';
import { actOnObjects } from './actions/actOnObjects';
import { checkMayChange, checkRight } from './actions/guards';
import { kubectlCommands } from './actions/kubectlCommands';
import { rolloutOf } from './actions/rolloutState';
import { debugCommand, drainCommand, execCommand, logCommands } from './actions/streamCommands';
import { applyManifests } from './apply/applyManifests';
import { editObject } from './apply/editObject';
import { findContexts, type FoundContexts } from './contexts/findContexts';
import type { FoundContext } from './contexts/foundContext';
import { KubeconfigReader } from './contexts/kubeconfigReader';
import { compareManifests } from './drift/compareManifests';
import { LiveCluster } from './live/liveCluster';
import { PortForwards } from './forward/portForwards';
import { findReleases, revisionsOf } from './helm/findReleases';
import { releaseText } from './helm/readRelease';
import { type AskedLog, openPodLogs } from './logs/podLogs';
import { drainNode } from './nodes/drainNode';
import { describeObject } from './objects/describeObject';
import { metricsOf } from './objects/readMetrics';
import { allowedIn, eventsOf, objectYaml, podContainers } from './objects/readObject';
import { openDebug, type WantedDebug } from './streams/openDebug';
import { openPodExec } from './streams/openPodExec';

/** Clusters: found in kubeconfigs, and each with all that can be asked of it. */
export interface Clusters {
  /** The contexts that a client with this environment could use. Contacts nothing and runs nothing. */
  find(env: Readonly<Record<string, string>>, cwd: string | undefined): FoundContexts;
  /** Calls back when files change that were found out by {@link find}; `watch` names them. */
  watchPlaces(changed: () => void): Pick<WatchedPlaces, 'watch' | 'close'>;
  /** The same for all clients that reach it the same way; contacted at its first use. */
  cluster(context: FoundContext): LiveCluster;
  /** As the protocol tells of it, with its state. */
  told(context: FoundContext): Context;
  readonly objects: typeof objects;
  readonly helm: typeof helm;
  readonly actions: ReturnType<typeof actionsOf>;
  close(): void;
}

/** What can be asked of objects. */
const objects = { objectYaml, describeObject, eventsOf, podContainers, allowedIn, kubectlCommands };

/** What can be read of what Helm has installed. */
const helm = { findReleases, revisionsOf, releaseText };

/** What can be done. `report` gets bugs. */
function actionsOf(report: (error: unknown) => void) {
  return {
    checkMayChange,
    checkRight,
    openPodLogs: (cluster: LiveCluster, asked: AskedLog) => openPodLogs(cluster, asked, report),
    logCommands,
    openPodExec,
    execCommand,
    portForwards: (changed: (forwards: Forward[]) => void) => new PortForwards(changed, report),
    actOnObjects,
    rolloutOf,
    metricsOf,
    drainNode,
    drainCommand,
    debugCommand,
    compareManifests,
    applyManifests,
    editObject,
    openDebug: (cluster: LiveCluster, wanted: WantedDebug, sink: StreamSink) =>
      openDebug(cluster, wanted, sink, report),
  };
}

/** `report` gets bugs. */
export function createClusters(parts: {
  readonly folders: Pick<Folders, 'config'>;
  readonly report: (error: unknown) => void;
}): Clusters {
  const { folders, report } = parts;
  const clusters = new Map<string, LiveCluster>();
  const reader = new KubeconfigReader();
  const read = (file: string) => reader.read(file);
  return {
    find(env, cwd) {
      const { config, problems } = readConfig(folders);
      const isConfigBroken = problems.some(({ severity }) => severity === 'error');
      const found = findContexts({ env, config, isConfigBroken, read, ...(cwd !== undefined && { cwd }) });
      const own = problems.map(({ file, line, column, message, hint }) => {
        return { file, line, column, message, ...(hint !== undefined && { hint }) };
      });
      return {
        ...found,
        problems: [...found.problems, ...own],
        places: [...found.places, join(folders.config, 'config.yaml')],
      };
    },
    watchPlaces: changed => new WatchedPlaces(changed, report),
    cluster(context) {
      const key = keyOf(context);
      const known = clusters.get(key);
      if (known !== undefined) return known;
      if (clusters.size >= mostKept) dropIdle(clusters);
      const cluster = new LiveCluster(context, report);
      clusters.set(key, cluster);
      return cluster;
    },
    objects,
    helm,
    actions: actionsOf(report),
    told: context => toldOf(context, clusters.get(keyOf(context))),
    close() {
      for (const cluster of clusters.values()) cluster.close();
      clusters.clear();
    },
  };
}

/** Descriptions that are remembered: those that are written anew each hour leave the old one behind. */
const mostKept = 300;

/** Nobody has one that is idle. */
function dropIdle(clusters: Map<string, LiveCluster>): void {
  for (const [key, { state }] of clusters) if (state.kind === 'idle') clusters.delete(key);
}

function toldOf(context: FoundContext, cluster: LiveCluster | undefined): Context {
  const { id, name, clusterName, userName, namespace, file, current, production } = context;
  const { readOnly, insecure, login, plugin, invalid } = context;
  const unusable = invalid && { kind: 'failed' as const, trouble: 'invalid' as const, ...invalid, since: 0 };
  return {
    id,
    name,
    cluster: clusterName,
    server: context.cluster.server,
    user: userName,
    namespace,
    file,
    current,
    production,
    readOnly,
    insecure,
    login,
    ...(plugin !== undefined && { plugin }),
    state: unusable ?? cluster?.state ?? { kind: 'idle' },
  };
}

/** Who reaches a cluster the same way, shares it. */
function keyOf({ id, file, cluster, user, env, invalid }: FoundContext): string {
  return JSON.stringify([id, file, cluster, user, env, invalid]);
}
