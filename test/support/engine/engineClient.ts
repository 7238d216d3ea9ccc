import type { AgentConnection } from '../../../agent/client/connection';
import {
  ackEngines,
  type EngineRow,
  engineChanged,
  type RowKind,
  watchEngine,
} from '../../../agent/protocol/containers';
import { type Endpoint, type EndpointState, listEndpoints } from '../../../agent/protocol/endpoints';
import { ackStream, streamData, streamEnded } from '../../../agent/protocol/streams';
import { waitFor } from '../waitFor';

/** How a stream ended. */
interface End {
  readonly exit?: number | undefined;
  readonly message?: string | undefined;
}

/** A client that watches engines and reads streams, as a window does it. */
export class EngineClient {
  readonly connection: AgentConnection;
  readonly states = new Map<string, EndpointState>();
  readonly rows = new Map<string, EngineRow>();
  readonly complete = new Set<RowKind>();
  readonly streams = new Map<number, { out: string; err: string; bytes: number; end?: End }>();
  /** Milliseconds since 1970 at the last change. */
  changedAt = 0;
  notifications = 0;
  #changed = Promise.withResolvers<void>();
  /** Whether what comes is acknowledged. */
  takes = true;

  constructor(connection: AgentConnection) {
    this.connection = connection;
    connection.on(engineChanged, ({ number, engines }) => {
      this.notifications += 1;
      this.changedAt = Date.now();
      for (const each of engines) this.#take(each);
      if (this.takes) connection.notify(ackEngines, { number });
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    });
    connection.on(streamData, ({ stream, seq, channel, data }) => {
      const read = this.stream(stream);
      const bytes = Buffer.from(data, 'base64');
      read.bytes += bytes.length;
      if (read.bytes < 1e6) read[channel] += bytes.toString();
      if (this.takes) connection.notify(ackStream, { stream, seq });
    });
    connection.on(streamEnded, ({ stream, ...end }) => void (this.stream(stream).end = end));
  }

  stream(id: number): { out: string; err: string; bytes: number; end?: End } {
    const read = this.streams.get(id) ?? { out: '', err: '', bytes: 0 };
    this.streams.set(id, read);
    return read;
  }

  async ended(id: number): Promise<End> {
    return waitFor('the end of the stream', () => this.stream(id).end, 30_000);
  }

  /** Lists the engines of an environment. */
  async list(environment: Readonly<Record<string, string>>): Promise<Endpoint[]> {
    return (await this.connection.request(listEndpoints, { environment: { ...environment } })).endpoints;
  }

  /** Watches and waits until all rows are there. */
  async watch(endpoint: string, kinds: RowKind[] = ['container']): Promise<void> {
    const limit = AbortSignal.timeout(20_000);
    const late = new Promise<never>((_, reject) =>
      limit.addEventListener('abort', () => reject(limit.reason as Error)),
    );
    await this.connection.request(watchEngine, { endpoint, kinds });
    // No waiting by the clock: how long this takes is measured, too.
    while (!kinds.every(kind => this.complete.has(kind))) await Promise.race([this.#changed.promise, late]);
  }

  container(name: string): Extract<EngineRow, { kind: 'container' }> | undefined {
    for (const row of this.rows.values()) if (row.kind === 'container' && row.name === name) return row;
    return undefined;
  }

  #take(news: {
    endpoint: string;
    state?: EndpointState | undefined;
    reset: RowKind[];
    complete: RowKind[];
    rows: EngineRow[];
    gone: { kind: RowKind; id: string }[];
  }): void {
    if (news.state) this.states.set(news.endpoint, news.state);
    for (const [key, { kind }] of this.rows) if (news.reset.includes(kind)) this.rows.delete(key);
    for (const kind of news.reset) this.complete.delete(kind);
    for (const row of news.rows) this.rows.set(`${row.kind} ${row.id}`, row);
    for (const { kind, id } of news.gone) this.rows.delete(`${kind} ${id}`);
    for (const kind of news.complete) this.complete.add(kind);
  }
}
