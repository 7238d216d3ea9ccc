import type { LogNews, OpenLog } from '../logs/mergedLines';
import { HandrailError } from '../protocol/errors';
import { type LogSource, logLines } from '../protocol/logs';
import type { Tell } from './client';

/** Logs of one client at the same time. */
const mostLogs = 50;

interface Opened {
  readonly log: OpenLog;
  number: number;
  /** Resolves when the client has dealt with what was sent last. */
  taken: PromiseWithResolvers<void>;
}

/** The logs that one client has open. They end with it. */
export class ClientLogs {
  readonly #tell: Tell;
  readonly #logs = new Map<number, Opened>();
  readonly #others = new Set<OpenLog>();
  /** Logs that are about to be open. */
  #opening = 0;
  #last = 0;
  #isClosed = false;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  /** Opens a log; its lines follow the answer. Rejects as `begin` does, or if there are too many. */
  async open(begin: () => Promise<OpenLog>): Promise<{ log: number; sources: LogSource[] }> {
    if (this.#logs.size + this.#opening >= mostLogs)
      throw new HandrailError('busy', 'Too many logs are open', { most: mostLogs });
    const id = ++this.#last;
    this.#opening += 1;
    try {
      const log = await begin();
      const opened: Opened = { log, number: 0, taken: Promise.withResolvers() };
      opened.taken.resolve();
      this.#logs.set(id, opened);
      if (this.#isClosed) this.close(id);
      // The answer that names the log comes first.
      else setImmediate(() => void this.#run(id, opened));
      return { log: id, sources: log.sources };
    } finally {
      this.#opening -= 1;
    }
  }

  acknowledge(id: number, number: number): void {
    const opened = this.#logs.get(id);
    if (opened?.number === number) opened.taken.resolve();
  }

  /** Reads a log for something else, unless the client goes. */
  async during<T>(log: OpenLog, read: () => Promise<T>): Promise<T> {
    this.#others.add(log);
    try {
      if (this.#isClosed) log.close();
      return await read();
    } finally {
      this.#others.delete(log);
    }
  }

  close(id: number): void {
    const opened = this.#logs.get(id);
    this.#logs.delete(id);
    opened?.log.close();
    opened?.taken.resolve();
  }

  closeAll(): void {
    this.#isClosed = true;
    for (const id of [...this.#logs.keys()]) this.close(id);
    for (const log of this.#others) log.close();
  }

  async #run(id: number, opened: Opened): Promise<void> {
    await opened.log.run(news => this.#send(id, opened, news));
    this.#logs.delete(id);
  }

  async #send(id: number, opened: Opened, { sources, ...news }: LogNews): Promise<void> {
    if (!this.#logs.has(id)) return;
    // The client works on one while the next is made.
    await opened.taken.promise;
    opened.taken = Promise.withResolvers();
    opened.number += 1;
    this.#tell(logLines, { log: id, number: opened.number, ...news, ...(sources && { sources }) });
  }
}
