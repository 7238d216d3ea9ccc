import type { AgentConnection } from '../../../agent/client/connection';
import { ackLog, type LogLine, type LogSource, logLines } from '../../../agent/protocol/logs';
import { ackStream, streamData, streamEnded, writeStream } from '../../../agent/protocol/streams';
import { waitFor } from '../waitFor';

/** A stream as a client has been told of it. */
export interface ReadStream {
  out: string;
  err: string;
  bytes: number;
  end?: { readonly exit?: number | undefined; readonly message?: string | undefined };
}

/** A log as a client has been told of it. */
export interface ReadLog {
  lines: LogLine[];
  sources: readonly LogSource[];
  isEnded: boolean;
}

const deadline = 60_000;

/** A client that reads streams and logs of whatever area, as a window does it. */
export class StreamClient {
  readonly connection: AgentConnection;
  readonly streams = new Map<number, ReadStream>();
  readonly logs = new Map<number, ReadLog>();

  constructor(connection: AgentConnection) {
    this.connection = connection;
    connection.on(streamData, ({ stream, seq, channel, data }) => {
      const read = this.stream(stream);
      const bytes = Buffer.from(data, 'base64');
      read.bytes += bytes.length;
      if (read.bytes < 1e6) read[channel] += bytes.toString();
      connection.notify(ackStream, { stream, seq });
    });
    connection.on(streamEnded, ({ stream, ...end }) => void (this.stream(stream).end = end));
    connection.on(logLines, ({ log, number, lines, sources, ended }) => {
      const read = this.log(log);
      read.lines.push(...lines);
      if (sources !== undefined) read.sources = sources;
      read.isEnded ||= ended;
      connection.notify(ackLog, { log, number });
    });
  }

  stream(id: number): ReadStream {
    const read = this.streams.get(id) ?? { out: '', err: '', bytes: 0 };
    this.streams.set(id, read);
    return read;
  }

  log(id: number): ReadLog {
    const read = this.logs.get(id) ?? { lines: [], sources: [], isEnded: false };
    this.logs.set(id, read);
    return read;
  }

  write(stream: number, text: string): Promise<object> {
    return this.connection.request(writeStream, { stream, data: Buffer.from(text).toString('base64') });
  }

  prints(id: number, pattern: RegExp): Promise<string> {
    return waitFor(
      `${pattern} in ${this.stream(id).out}`,
      () => pattern.exec(this.stream(id).out)?.[0],
      deadline,
    );
  }

  ended(id: number): Promise<NonNullable<ReadStream['end']>> {
    return waitFor('the end of the stream', () => this.stream(id).end, deadline);
  }

  /** The texts of a log, once there is one for which `pattern` holds. */
  async hasLine(id: number, pattern: RegExp): Promise<string[]> {
    const texts = (): string[] => this.log(id).lines.map(([, , , text]) => text);
    await waitFor(`a line ${pattern}`, () => texts().some(text => pattern.test(text)), deadline);
    return texts();
  }

  async logEnded(id: number): Promise<string[]> {
    await waitFor('the end of the log', () => this.log(id).isEnded, deadline);
    return this.log(id).lines.map(([, , , text]) => text);
  }
}
