import type Docker from 'dockerode';
import type { Readable } from 'node:stream';
import type { ContainerRow, RowKind } from '../../protocol/containers';
import type { Connected } from '../engine/connection';
import { type EngineEvent, readEvent } from './engineEvent';
import { ExpectedStates } from './expectedStates';
import type { ListedContainer } from './containerRow';
import {
  imageRow,
  type ListedImage,
  type ListedNetwork,
  type ListedVolume,
  networkRow,
  volumeRow,
} from './objectRows';
import { Refresh } from './refresh';
import type { RowChange, RowTable } from './rowTable';
import type { SeenEvents } from './seenEvents';
import { TextLines } from '../../text/textLines';

/** What is followed, and who is told. */
interface Followed {
  readonly connected: Connected;
  readonly table: RowTable;
  readonly seen: SeenEvents;
  readonly changed: (change: RowChange) => void;
  /** All things of a kind are in the table. */
  readonly listed: (kind: RowKind) => void;
}

/** Differences of clocks that are none. Milliseconds. */
const sameClock = 2000;
/** Containers that are asked, after one fetch, how often they were started again. */
const mostRestarting = 20;

/** One connection's life: subscribes to events, lists what there is, then fetches what events tell of. */
export class Following {
  readonly #followed: Followed;
  readonly #docker: Docker;
  /** What the engine's clock is ahead of ours. */
  readonly #ahead: number;
  readonly #refreshes: Readonly<Record<RowKind, Refresh>>;
  readonly #kinds = new Set<RowKind>();
  readonly #expected = new ExpectedStates(id => this.#refreshes.container.note(id));
  readonly #failed = Promise.withResolvers<never>();
  #isListed = false;

  constructor(followed: Followed) {
    this.#followed = followed;
    this.#docker = followed.connected.docker;
    const ahead = followed.connected.greeting.time - Date.now();
    this.#ahead = Math.abs(ahead) < sameClock ? 0 : ahead;
    this.#refreshes = {
      container: this.#refreshOf('container', 50),
      image: this.#refreshOf('image', 250),
      volume: this.#refreshOf('volume', 100),
      network: this.#refreshOf('network', 100),
    };
    this.#failed.promise.catch(() => undefined);
  }

  /** Resolves when the engine ends the events; rejects with what went wrong. `ready`: all has been listed. */
  async run(kinds: Iterable<RowKind>, ready: () => Promise<void>): Promise<void> {
    const { seen, connected } = this.#followed;
    const since = seen.since(connected.greeting.time);
    // The list need not wait: what happens from the greeting on is told by the events.
    const subscribed = this.#events(since);
    const reading = subscribed.then(stream => this.#read(stream));
    reading.catch(() => undefined);
    const ended = reading.then(() => Promise.reject(new Error('The engine ended its events')));
    ended.catch(() => undefined);
    try {
      for (const kind of new Set<RowKind>(['container', ...kinds])) this.#kinds.add(kind);
      const lists = Promise.all([...this.#kinds].map(kind => this.#list(kind)));
      lists.catch(() => undefined);
      await Promise.race([lists, ended, this.#failed.promise]);
      this.#isListed = true;
      await Promise.race([Promise.all([subscribed, ready()]), ended, this.#failed.promise]);
      for (const kind of this.#kinds) this.#refreshes[kind].release();
      await Promise.race([reading, this.#failed.promise]);
    } finally {
      subscribed.then(
        stream => stream.destroy(),
        () => undefined,
      );
      for (const refresh of Object.values(this.#refreshes)) refresh.stop();
      this.#expected.stop();
    }
  }

  /** One more kind is wanted. */
  want(kind: RowKind): void {
    if (this.#kinds.has(kind)) return;
    this.#kinds.add(kind);
    this.#list(kind).then(
      () => this.#isListed && this.#refreshes[kind].release(),
      (error: unknown) => this.fail(error),
    );
  }

  /** Ends it with an error. */
  fail(error: unknown): void {
    this.#failed.reject(error);
  }

  #events(since: number): Promise<Readable> {
    // dockerode's type knows whole seconds only.
    const options = {
      since: (since / 1000).toFixed(3),
      filters: { type: ['container', 'image', 'volume', 'network'] },
    };
    return this.#docker.getEvents(options as object) as Promise<unknown> as Promise<Readable>;
  }

  async #read(stream: Readable): Promise<void> {
    const lines = new TextLines();
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      for (const line of lines.read(chunk)) this.#take(readEvent(line));
      if (lines.isTooLong) throw new Error('The engine sent an event of more than 64 MiB');
    }
  }

  #take(event: EngineEvent | undefined): void {
    const { seen, table } = this.#followed;
    if (event === undefined || !seen.take(event)) return;
    const { kind, id, time, state, goesOn = false } = event;
    if (state !== undefined && id !== undefined) {
      if (!goesOn) table.noteState(id, time - this.#ahead);
      this.#expected.told(id, state);
    }
    if (this.#kinds.has(kind)) this.#refreshes[kind].note(id);
  }

  #refreshOf(kind: RowKind, gap: number): Refresh {
    return new Refresh(gap, async ids => {
      try {
        await this.#fetch(kind, ids);
      } catch (error) {
        this.fail(error);
      }
    });
  }

  async #list(kind: RowKind): Promise<void> {
    await this.#fetch(kind, undefined);
    this.#followed.listed(kind);
  }

  async #fetch(kind: RowKind, ids: readonly string[] | undefined): Promise<void> {
    const { table, changed } = this.#followed;
    switch (kind) {
      case 'container': {
        const listed = await this.#containers(ids);
        const change = table.takeContainers(listed, ids, Date.now());
        changed(change);
        this.#expected.fetched(id => table.container(id));
        return this.#countRestarts(change);
      }
      case 'image': {
        const listed = (await this.#docker.listImages()) as ListedImage[];
        return changed(table.takeObjects(kind, listed.map(imageRow)));
      }
      case 'volume': {
        const filters = ids && { name: [...ids] };
        const found = await this.#docker.listVolumes({ ...(filters && { filters }) });
        const all = ((found.Volumes as ListedVolume[] | null) ?? []).map(volumeRow);
        // The filter takes parts of names, too.
        return changed(table.takeObjects(kind, ids ? all.filter(({ id }) => ids.includes(id)) : all, ids));
      }
      case 'network': {
        const filters = ids && { id: [...ids] };
        const listed = (await this.#docker.listNetworks({ ...(filters && { filters }) })) as ListedNetwork[];
        return changed(table.takeObjects(kind, listed.map(networkRow), ids));
      }
    }
  }

  async #containers(ids: readonly string[] | undefined): Promise<ListedContainer[]> {
    const filters = ids && { id: [...ids] };
    return (await this.#docker.listContainers({
      all: true,
      ...(filters && { filters }),
    })) as ListedContainer[];
  }

  /** A list does not tell; it is asked of those only that were seen being started again. */
  async #countRestarts({ rows }: RowChange): Promise<void> {
    const { table, changed } = this.#followed;
    const containers = rows.filter((row): row is ContainerRow => row.kind === 'container');
    const asked = containers.filter(
      ({ state, restarts }) => state === 'restarting' || restarts !== undefined,
    );
    for (const { id } of asked.slice(0, mostRestarting)) {
      try {
        const { RestartCount = 0 } = (await this.#docker.getContainer(id).inspect()) as {
          RestartCount?: number;
        };
        changed(table.noteRestarts(id, RestartCount));
      } catch (error) {
        // It may have gone meanwhile, which an event tells.
        if ((error as { statusCode?: number }).statusCode !== 404) throw error;
      }
    }
  }
}
