import { MergedLines, type LogNews, type OpenLog } from '../../logs/mergedLines';
import type { PodLogOf } from '../../protocol/clusterStreams';
import type { LogSource } from '../../protocol/logs';
import type { LiveCluster } from '../live/liveCluster';
import { specsOf } from '../pods/podParts';
import { podsOf } from '../pods/podsOf';
import { type PodNews, type PodSelection, PodWatch } from '../pods/podWatch';
import type { KubeObject } from '../reflector/serverTable';
import { PodContainerLog, type WantedLog } from './podContainerLog';

/** Containers that are followed at the same time, at most. */
const mostSources = 200;
/** Milliseconds that the first pods are waited for. */
const mostOfList = 10_000;

/** Which pods' logs, and what of them. */
export interface AskedLog extends WantedLog {
  readonly of: PodLogOf;
  /** All of a pod's if absent. */
  readonly container?: string | undefined;
}

/** The logs of pods as one; not told before it is run. Throws where the cluster says no. */
export async function openPodLogs(
  cluster: LiveCluster,
  asked: AskedLog,
  report: (error: unknown) => void,
): Promise<OpenLog> {
  const { of } = asked;
  const selections =
    of.kind === 'workload'
      ? [await podsOf(cluster, { kind: of.workload, namespace: of.namespace, name: of.name })]
      : [...new Set(of.pods)].map(name => ({
          namespace: of.namespace,
          query: { fieldSelector: `metadata.name=${name}` },
        }));
  const log = new PodLogs(cluster, selections, asked, report);
  await log.listed;
  return log;
}

class PodLogs implements OpenLog {
  readonly #cluster: LiveCluster;
  readonly #asked: AskedLog;
  readonly #report: (error: unknown) => void;
  readonly #logs = new Map<string, PodContainerLog>();
  readonly #leftOut = new Set<string>();
  readonly #lines: MergedLines;
  readonly #watches: readonly PodWatch[];
  readonly #listed = Promise.withResolvers<void>();
  #unlisted: number;
  #count = 0;

  constructor(
    cluster: LiveCluster,
    selections: readonly PodSelection[],
    asked: AskedLog,
    report: (error: unknown) => void,
  ) {
    this.#cluster = cluster;
    this.#asked = asked;
    this.#report = report;
    this.#unlisted = selections.length;
    const isFollowed = asked.follow && !asked.previous;
    this.#lines = new MergedLines({
      leftOut: () => this.#leftOut.size,
      // Of a workload pods can still come.
      isWhole: () => this.#unlisted <= 0 && !(isFollowed && asked.of.kind === 'workload'),
    });
    this.#watches = selections.map(
      selection => new PodWatch(cluster, selection, news => this.#take(news), report),
    );
  }

  /** Resolves when all containers that are there at the beginning are known, or after a while. */
  get listed(): Promise<void> {
    const late = setTimeout(() => this.#listed.resolve(), mostOfList);
    return this.#listed.promise.finally(() => clearTimeout(late));
  }

  get sources(): LogSource[] {
    return this.#lines.sources;
  }

  async run(tell: (news: LogNews) => Promise<void>): Promise<void> {
    await this.#lines.run(tell);
    this.close();
  }

  close(): void {
    for (const watch of this.#watches) watch.close();
    this.#lines.close();
    this.#listed.resolve();
  }

  #take({ pods = [], gone = [], complete, trouble }: PodNews): void {
    for (const pod of pods) this.#takePod(pod);
    for (const { metadata } of gone)
      for (const [key, log] of this.#logs) if (key.startsWith(`${metadata?.uid ?? ''}/`)) log.podGone();
    if (typeof trouble === 'string') for (const log of this.#logs.values()) log.unreachable(trouble);
    if (trouble === null) for (const log of this.#logs.values()) log.reachable();
    if (complete === true) this.#completed();
  }

  #completed(): void {
    this.#unlisted -= 1;
    if (this.#unlisted > 0) return;
    this.#listed.resolve();
    this.#lines.changed(true);
  }

  #takePod(pod: KubeObject): void {
    const { container } = this.#asked;
    for (const { name } of specsOf(pod)) {
      if (container !== undefined && container !== name) continue;
      const key = `${pod.metadata?.uid ?? ''}/${name}`;
      const known = this.#logs.get(key);
      if (known !== undefined) known.podChanged(pod);
      else this.#add(key, pod, name);
    }
  }

  #add(key: string, pod: KubeObject, container: string): void {
    if (this.#logs.size >= mostSources) {
      if (!this.#leftOut.has(key)) this.#lines.changed(true);
      this.#leftOut.add(key);
      return;
    }
    const { follow, until, previous } = this.#asked;
    // What came while the log was open is told from its beginning.
    const wanted = this.#unlisted > 0 ? this.#asked : { follow, until, previous };
    const log = new PodContainerLog(
      { pod, container, index: this.#count++ },
      this.#cluster.api,
      wanted,
      isState => this.#lines.changed(isState),
    );
    this.#logs.set(key, log);
    this.#lines.add(log);
    log.follow().catch(this.#report);
  }
}
