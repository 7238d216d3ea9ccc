import type { Disposable } from 'vscode';
import type { AgentConnection } from '../../agent/client/connection';
import type { ParamsOf } from '../../agent/protocol/message';
import {
  ackStream,
  closeStream,
  resizeStream,
  streamData,
  streamEnded,
  writeStream,
} from '../../agent/protocol/streams';
import type { AgentClient } from './agentClient';

/** How a stream ended. `lost`: its connection went before it did. */
export interface StreamEnd {
  readonly exit?: number | undefined;
  readonly message?: string | undefined;
  readonly hint?: string | undefined;
  readonly lost?: boolean;
}

/** Who reads a stream. */
export interface StreamReader {
  /** The next bytes; the agent sends more as what it gave before is done with. */
  take(bytes: Uint8Array, channel: 'out' | 'err'): void | Promise<void>;
  ended(end: StreamEnd): void;
}

/** A stream that the agent holds open for this window. */
export interface AgentStream {
  write(bytes: Uint8Array): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Ends what the stream is of. */
  close(): Promise<void>;
}

type Data = ParamsOf<typeof streamData>;

interface OpenStream {
  reader: StreamReader | undefined;
  /** What came before the answer that names the stream; no more than the agent sends unacknowledged. */
  readonly early: Data[];
  end: StreamEnd | undefined;
  reading: Promise<void>;
}

/** The streams of the window's connection. They end with it. */
export class AgentStreams implements Disposable {
  readonly #subscriptions: Disposable[];
  readonly #streams = new Map<number, OpenStream>();
  #connection: AgentConnection | undefined;

  constructor(agent: AgentClient) {
    this.#subscriptions = [
      agent.onDidConnect(connection => this.#listen(connection)),
      agent.onDidLose(() => this.#lose()),
    ];
    if (agent.connection !== undefined) this.#listen(agent.connection);
  }

  /** Reads a stream that an answer of the agent named. */
  open(stream: number, reader: StreamReader): AgentStream {
    const connection = this.#connection;
    const open = this.#of(stream);
    open.reader = reader;
    for (const data of open.early.splice(0)) this.#read(stream, open, data);
    if (open.end !== undefined) this.#end(stream, open, open.end);
    if (connection === undefined) this.#end(stream, open, { lost: true });
    return {
      write: async bytes => void (await connection?.request(writeStream, { stream, data: base64(bytes) })),
      resize: async (columns, rows) =>
        void (await connection?.request(resizeStream, { stream, columns, rows })),
      close: async () => void (await connection?.request(closeStream, { stream })),
    };
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#lose();
  }

  #listen(connection: AgentConnection): void {
    this.#connection = connection;
    connection.on(streamData, data => {
      const open = this.#of(data.stream);
      if (open.reader === undefined) open.early.push(data);
      else this.#read(data.stream, open, data);
    });
    connection.on(streamEnded, ({ stream, ...end }) => {
      const open = this.#of(stream);
      open.end = end;
      if (open.reader !== undefined) this.#end(stream, open, end);
    });
  }

  #read(stream: number, open: OpenStream, { data, channel, seq }: Data): void {
    const connection = this.#connection;
    open.reading = open.reading.then(async () => {
      await open.reader?.take(Buffer.from(data, 'base64'), channel);
      connection?.notify(ackStream, { stream, seq });
    });
  }

  #end(stream: number, open: OpenStream, end: StreamEnd): void {
    this.#streams.delete(stream);
    void open.reading.then(() => open.reader?.ended(end));
  }

  #lose(): void {
    this.#connection = undefined;
    for (const [stream, open] of this.#streams) this.#end(stream, open, { lost: true });
  }

  #of(stream: number): OpenStream {
    let open = this.#streams.get(stream);
    if (open === undefined) {
      open = { reader: undefined, early: [], end: undefined, reading: Promise.resolve() };
      this.#streams.set(stream, open);
    }
    return open;
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
