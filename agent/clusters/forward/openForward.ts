import { createServer, type Server, type Socket } from 'node:net';
import type { Forward } from '../../protocol/clusterStreams';
import { HandrailError } from '../../protocol/errors';
import type { LiveCluster } from '../live/liveCluster';
import { PodWatch } from '../pods/podWatch';
import { isReady } from '../pods/podParts';
import type { KubeObject } from '../reflector/serverTable';
import { type ForwardTarget, forwardTarget } from './forwardTarget';
import { carryConnection } from './carryConnection';
import type { WantedForward } from './portForwards';

/** A port that is forwarded. */
export interface OpenForward {
  readonly now: Pick<Forward, 'local' | 'remote' | 'pod' | 'state' | 'message' | 'connections'>;
  readonly ended: Promise<void>;
  close(): void;
}

/** Milliseconds that the first pod is waited for, and a pod for a connection that has come. */
const patience = 20_000;

/** Listens on loopback, and leads each connection to a pod that is ready then. `changed`: {@link OpenForward.now} is different. */
export async function openForward(
  cluster: LiveCluster,
  wanted: WantedForward,
  changed: () => void,
  report: (error: unknown) => void,
): Promise<OpenForward> {
  const target = await forwardTarget(cluster, wanted);
  const forward = new Forwarding(cluster, target, changed, report);
  try {
    await forward.listen(wanted.local ?? 0);
    return forward;
  } catch (error) {
    forward.close();
    throw error;
  }
}

class Forwarding implements OpenForward {
  readonly #cluster: LiveCluster;
  readonly #target: ForwardTarget;
  readonly #changed: () => void;
  readonly #report: (error: unknown) => void;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #pods = new Map<string, KubeObject>();
  readonly #watch: PodWatch;
  readonly #end = Promise.withResolvers<void>();
  #listed = Promise.withResolvers<void>();
  #news = Promise.withResolvers<void>();
  #pod: KubeObject | undefined;
  #trouble: string | undefined;
  #refused: string | undefined;
  #isClosed = false;

  constructor(
    cluster: LiveCluster,
    target: ForwardTarget,
    changed: () => void,
    report: (error: unknown) => void,
  ) {
    this.#cluster = cluster;
    this.#target = target;
    this.#changed = changed;
    this.#report = report;
    // What one side has ended the other one may still answer.
    this.#server = createServer({ allowHalfOpen: true }, socket => {
      this.#take(socket).catch(report);
    });
    this.#watch = new PodWatch(
      cluster,
      target.pods,
      ({ pods = [], gone = [], complete, trouble }) => {
        for (const pod of pods) this.#pods.set(pod.metadata?.uid ?? '', pod);
        for (const pod of gone) this.#pods.delete(pod.metadata?.uid ?? '');
        if (trouble !== undefined) this.#trouble = trouble ?? undefined;
        this.#choose();
        if (complete === true || typeof trouble === 'string') this.#listed.resolve();
      },
      report,
    );
  }

  get ended(): Promise<void> {
    return this.#end.promise;
  }

  get now(): OpenForward['now'] {
    const address = this.#server.address();
    const local = typeof address === 'object' && address !== null ? address.port : 0;
    const pod = this.#pod?.metadata?.name;
    const message = this.#trouble ?? this.#refused ?? (pod === undefined ? this.#awaited : undefined);
    return {
      local,
      remote: this.#remote ?? 0,
      ...(pod !== undefined && { pod }),
      state: this.#refused !== undefined ? 'failed' : pod === undefined ? 'waiting' : 'ready',
      ...(message !== undefined && { message }),
      connections: this.#sockets.size,
    };
  }

  /** Throws HandrailError `invalidState` where the port is taken. */
  async listen(port: number): Promise<void> {
    const late = setTimeout(() => this.#listed.resolve(), patience);
    await this.#listed.promise;
    clearTimeout(late);
    // A port that no pod has is a mistake that is told at once.
    if (this.#pod !== undefined) this.#target.portIn(this.#pod);
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port, host: '127.0.0.1' }, resolve);
    }).catch((error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used: ${error.message}`;
      throw new HandrailError('invalidState', `Port ${port} ${why}`, { port, hint: 'Choose another port.' });
    });
    this.#server.on('error', this.#report);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watch.close();
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#news.resolve();
    this.#listed.resolve();
    this.#end.resolve();
  }

  get #awaited(): string {
    return this.#pods.size === 0 ? 'There is no pod; one is awaited' : 'No pod is ready; one is awaited';
  }

  get #remote(): number | undefined {
    try {
      return this.#pod && this.#target.portIn(this.#pod);
    } catch (error) {
      // Its successor may have no port of that name.
      if (!(error instanceof HandrailError)) throw error;
      return undefined;
    }
  }

  /** The one that was asked for, else the one that it is already, else any that is ready. */
  #choose(): void {
    const before = this.now;
    const ready = [...this.#pods.values()].filter(isReady);
    const same = ready.find(({ metadata }) => metadata?.uid === this.#pod?.metadata?.uid);
    this.#pod = ready.find(({ metadata }) => metadata?.name === this.#target.preferred) ?? same ?? ready[0];
    if (this.#pod !== undefined) this.#news.resolve();
    if (this.#pod?.metadata?.name !== before.pod) this.#refused = undefined;
    if (JSON.stringify(before) !== JSON.stringify(this.now)) this.#changed();
  }

  async #take(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#changed();
    });
    this.#changed();
    const pod = await this.#readyPod();
    if (pod === undefined || socket.destroyed) return void socket.destroy();
    const { namespace = '', name = '' } = pod.metadata ?? {};
    const end = await carryConnection(
      this.#cluster,
      { namespace, pod: name, port: this.#target.portIn(pod) },
      socket,
    );
    if (end !== this.#refused) {
      this.#refused = end;
      this.#changed();
    }
  }

  /** One may be on its way. */
  async #readyPod(): Promise<KubeObject | undefined> {
    const end = performance.now() + patience;
    while (this.#pod === undefined && !this.#isClosed && performance.now() < end) {
      this.#news = Promise.withResolvers();
      const late = setTimeout(() => this.#news.resolve(), end - performance.now());
      await this.#news.promise;
      clearTimeout(late);
    }
    return this.#isClosed ? undefined : this.#pod;
  }
}
