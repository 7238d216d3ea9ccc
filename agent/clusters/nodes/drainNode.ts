import { setTimeout } from 'node:timers/promises';
import type { StreamEnd, StreamSink, StreamSource } from '../../byteStream';
import { HandrailError } from '../../protocol/errors';
import { ApiRefusal } from '../api/apiRefusal';
import type { LiveCluster } from '../live/liveCluster';
import { actOnObject } from '../actions/actOnObject';
import { isOver } from '../pods/podParts';
import type { KubeObject } from '../reflector/serverTable';
import { whyKept } from './whyKept';

/** How to drain a node. */
export interface WantedDrain {
  readonly node: string;
  readonly force: boolean;
  readonly deleteEmptyDir: boolean;
  readonly grace?: number | undefined;
  /** How long it may take. */
  readonly seconds: number;
}

/** Pods that are asked to go at the same time. */
const mostAtOnce = 20;
/** Milliseconds between two tries, and between two looks whether a pod has gone. */
const again = 5000;
const look = 500;

/** Cordons a node and evicts its pods; tells each step as a line. `ended` has exit 0 where all have gone. */
export function drainNode(
  cluster: LiveCluster,
  wanted: WantedDrain,
  sink: StreamSink,
): { source: StreamSource; ended: Promise<StreamEnd> } {
  const life = new AbortController();
  const say = (line: string): void => void sink.send('out', Buffer.from(`${line}\r\n`));
  const ended = new Drain(cluster, wanted, say, life.signal).run().catch((error: unknown): StreamEnd => {
    if (life.signal.aborted) return { message: 'Stopped; the node stays cordoned' };
    if (!(error instanceof HandrailError)) throw error;
    const { hint } = error.details;
    return { exit: 1, message: error.message, ...(typeof hint === 'string' && { hint }) };
  });
  void ended.then(end => sink.end(end));
  const source = {
    write: (): never => {
      throw new HandrailError('invalidState', 'It takes no input');
    },
    resize: () => undefined,
    close: () => life.abort(),
  };
  return { source, ended };
}

class Drain {
  readonly #cluster: LiveCluster;
  readonly #wanted: WantedDrain;
  readonly #say: (line: string) => void;
  readonly #signal: AbortSignal;
  readonly #end: number;

  constructor(cluster: LiveCluster, wanted: WantedDrain, say: (line: string) => void, signal: AbortSignal) {
    this.#cluster = cluster;
    this.#wanted = wanted;
    this.#say = say;
    this.#signal = signal;
    this.#end = performance.now() + wanted.seconds * 1000;
  }

  async run(): Promise<StreamEnd> {
    const { node, force, deleteEmptyDir } = this.#wanted;
    const { outcome } = await actOnObject(this.#cluster, { do: 'cordon' }, { kind: 'nodes', name: node });
    this.#say(outcome === 'unchanged' ? `${node} was cordoned already` : `${node} cordoned`);
    const { items = [] } = await this.#cluster.api.json<{ items?: readonly KubeObject[] }>({
      path: '/api/v1/pods',
      query: { fieldSelector: `spec.nodeName=${node}`, limit: 5000 },
      signal: this.#signal,
    });
    const kept = items.map(pod => ({ pod, why: whyKept(pod, { force, deleteEmptyDir }) }));
    const refused = kept.filter(({ why }) => why?.isRefusal === true);
    for (const { pod, why } of kept) if (why !== undefined) this.#say(`${nameOf(pod)} stays: ${why.reason}`);
    if (refused.length > 0) {
      const hints = [...new Set(refused.map(({ why }) => why?.hint ?? ''))].join(' ');
      return { exit: 1, message: `${refused.length} pods cannot be evicted as asked`, hint: hints };
    }
    return this.#evictAll(kept.filter(({ why }) => why === undefined).map(({ pod }) => pod));
  }

  async #evictAll(pods: readonly KubeObject[]): Promise<StreamEnd> {
    const left = pods.values();
    const late: string[] = [];
    const work = async (): Promise<void> => {
      for (const pod of left) if (!(await this.#evict(pod))) late.push(nameOf(pod));
    };
    await Promise.all(Array.from({ length: Math.min(mostAtOnce, pods.length) }, work));
    const { node, seconds } = this.#wanted;
    if (late.length === 0) {
      this.#say(`${node} drained: ${pods.length} pods evicted`);
      return { exit: 0 };
    }
    const message = `${late.length} pods are still there after ${seconds} s: ${late.slice(0, 10).join(', ')}`;
    return { exit: 1, message, hint: 'See which PodDisruptionBudget blocks, then drain again.' };
  }

  /** Whether it has gone in time. */
  async #evict(pod: KubeObject): Promise<boolean> {
    const name = nameOf(pod);
    let said = '';
    while (performance.now() < this.#end) {
      const blocked = await this.#tryToEvict(pod);
      if (blocked === undefined) {
        this.#say(`${name} evicted`);
        return this.#hasGone(pod);
      }
      if (blocked !== said) this.#say(`${name} waits: ${blocked}`);
      said = blocked;
      await setTimeout(Math.min(again, Math.max(this.#end - performance.now(), 0)), undefined, {
        signal: this.#signal,
      });
    }
    return false;
  }

  /** Why not now. https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/ */
  async #tryToEvict(pod: KubeObject): Promise<string | undefined> {
    const { namespace = '', name = '', uid } = pod.metadata ?? {};
    const { grace } = this.#wanted;
    const body = {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
      deleteOptions: { preconditions: { uid }, ...(grace !== undefined && { gracePeriodSeconds: grace }) },
    };
    try {
      await this.#cluster.api.json({
        path: `${pathOf(pod)}/eviction`,
        method: 'POST',
        body: { type: 'application/json', text: JSON.stringify(body) },
        signal: this.#signal,
        deadline: 60_000,
      });
      return undefined;
    } catch (error) {
      if (!(error instanceof ApiRefusal)) throw error;
      // It has gone, or another one has its name.
      if (error.status === 404 || error.status === 409) return undefined;
      if (error.status !== 429 && error.status !== 500) throw error;
      const causes = error.body.details?.causes?.map(({ message }) => message).filter(each => each) ?? [];
      return causes.length > 0 ? causes.join('; ') : error.message;
    }
  }

  async #hasGone(pod: KubeObject): Promise<boolean> {
    while (performance.now() < this.#end) {
      try {
        const now = await this.#cluster.api.json<KubeObject>({ path: pathOf(pod), signal: this.#signal });
        if (now.metadata?.uid !== pod.metadata?.uid || isOver(now)) return true;
      } catch (error) {
        if (!(error instanceof ApiRefusal) || error.status !== 404) throw error;
        this.#say(`${nameOf(pod)} gone`);
        return true;
      }
      await setTimeout(look, undefined, { signal: this.#signal });
    }
    return false;
  }
}

function pathOf({ metadata }: KubeObject): string {
  const { namespace = '', name = '' } = metadata ?? {};
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
}

function nameOf({ metadata }: KubeObject): string {
  return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}
