import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import type { Forward, forwardPort } from '../../protocol/clusterStreams';
import { HandrailError } from '../../protocol/errors';
import type { LiveCluster } from '../live/liveCluster';
import { forwardCommand } from '../actions/streamCommands';
import { openForward, type OpenForward } from './openForward';

/** What to forward. */
export type WantedForward = Pick<
  z.output<(typeof forwardPort)['params']>,
  'namespace' | 'kind' | 'name' | 'remote' | 'local'
>;

/** Forwards of one client at the same time. */
const mostForwards = 100;

/** The ports that are forwarded for one client; they end with it, or by hand. */
export class PortForwards {
  readonly #open = new Map<string, { cluster: LiveCluster; wanted: WantedForward; forward: OpenForward }>();
  readonly #changed: (forwards: Forward[]) => void;
  readonly #report: (error: unknown) => void;
  #isTelling = false;
  #isClosed = false;

  /** `changed` gets all, when one is new, has gone or has another state. `report` gets bugs. */
  constructor(changed: (forwards: Forward[]) => void, report: (error: unknown) => void) {
    this.#changed = changed;
    this.#report = report;
  }

  get list(): Forward[] {
    return [...this.#open.keys()].map(id => this.#told(id));
  }

  /** Listens on loopback, and leads what comes to a pod that is ready. Throws where that cannot be. */
  async begin(
    cluster: LiveCluster,
    wanted: WantedForward,
  ): Promise<{ forward: Forward; ended: Promise<void> }> {
    if (this.#open.size >= mostForwards)
      throw new HandrailError('busy', 'Too many ports are forwarded', { most: mostForwards });
    const id = randomUUID();
    const forward = await openForward(cluster, wanted, () => this.#tell(), this.#report);
    this.#open.set(id, { cluster, wanted, forward });
    if (this.#isClosed) this.end(id);
    this.#tell();
    return { forward: this.#told(id), ended: forward.ended };
  }

  /** Throws HandrailError `notFound`. */
  end(id: string): void {
    const open = this.#open.get(id);
    if (open === undefined) throw new HandrailError('notFound', 'The port is not forwarded any more', { id });
    this.#open.delete(id);
    open.forward.close();
    this.#tell();
  }

  close(): void {
    this.#isClosed = true;
    for (const id of [...this.#open.keys()]) this.end(id);
  }

  #told(id: string): Forward {
    const { cluster, wanted, forward } = this.#open.get(id)!;
    const { namespace, kind, name } = wanted;
    const { local, remote, pod, state, message, connections } = forward.now;
    const command = forwardCommand(cluster.context, wanted, local, wanted.remote);
    return {
      ...{ id, context: cluster.context.id, namespace, kind, name, local, remote, state, connections },
      ...(pod !== undefined && { pod }),
      ...(message !== undefined && { message }),
      kubectl: command,
    };
  }

  /** Once for all that happens at a time. */
  #tell(): void {
    if (this.#isTelling || this.#isClosed) return;
    this.#isTelling = true;
    setTimeout(() => {
      this.#isTelling = false;
      if (!this.#isClosed) this.#changed(this.list);
    }, 20);
  }
}
