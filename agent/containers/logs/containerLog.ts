import type Docker from 'dockerode';
import type { ContainerRow } from '../../protocol/containers';
import type { LogSource } from '../../protocol/logs';
import { engineSays } from '../actions/act';
import type { EngineConnection } from '../engine/connection';
import { EngineUnusable } from '../engine/trouble';
import { LineQueue } from '../../logs/lineQueue';
import { LogEntries } from '../../logs/logEntries';
import { LogLinesOf } from '../../logs/logLinesOf';
import type { FollowedLog } from '../../logs/mergedLines';
import { LogPosition } from '../../logs/logPosition';
import { type LogQuery, readLog } from './readLog';

/** What of each container's log is wanted; times in milliseconds since 1970. */
export interface Wanted {
  readonly tail?: number | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly follow: boolean;
}

/** Tries in a row, where the log is not followed. */
const mostFailures = 5;

/**
 * The log of one container: followed over the ends and starts of the container, of its engine and of the way there, each
 * line once; until the container is removed.
 */
export class ContainerLog implements FollowedLog {
  readonly id: string;
  readonly lines = new LineQueue();
  readonly #index: number;
  readonly #connection: EngineConnection;
  readonly #wanted: Wanted;
  readonly #changed: (isState: boolean) => void;
  readonly #position = new LogPosition();
  readonly #closed = new AbortController();
  #joiner: LogLinesOf | undefined;
  #name: string;
  #state: LogSource['state'] = 'following';
  #message: string | undefined;
  #startedAt: string | undefined;
  /** Why the engine cannot be reached. */
  #why: string | undefined;
  #reading: AbortController | undefined;
  #news = Promise.withResolvers<void>();
  /** When the last bytes came, or the engine answered. */
  #moved = 0;
  #isOpening = true;
  #hasProgress = false;

  /** `changed`: there are lines, or it is in another state. */
  constructor(
    { id, name, index }: { id: string; name: string; index: number },
    connection: EngineConnection,
    wanted: Wanted,
    changed: (isState: boolean) => void,
  ) {
    this.id = id;
    this.#index = index;
    this.#name = name;
    this.#connection = connection;
    this.#wanted = wanted;
    this.#changed = changed;
  }

  get source(): LogSource {
    const [message, startedAt] = [this.#message, this.#startedAt];
    const [index, name, state] = [this.#index, this.#name, this.#state];
    return {
      ...{ index, name, state },
      ...(message !== undefined && { message }),
      ...(startedAt !== undefined && { startedAt }),
    };
  }

  get isEnded(): boolean {
    return this.#state === 'ended';
  }

  isBehind(patience: number): boolean {
    if (this.isEnded || this.lines.length > 0) return false;
    return this.#isOpening || performance.now() - this.#moved < patience;
  }

  /** Reads until there is nothing more to come. Rejects with bugs only. */
  async follow(): Promise<void> {
    for (let failures = 0; !this.#closed.signal.aborted && !this.isEnded;) {
      this.#hasProgress = false;
      this.#news = Promise.withResolvers();
      const wait = await this.#readOnce(failures);
      this.#isOpening = false;
      if (wait === 0 || this.#closed.signal.aborted) return this.#finish();
      failures = this.#hasProgress ? 1 : failures + 1;
      await this.#pause(wait);
    }
  }

  /** What is known of it is different. */
  changed(row: ContainerRow | undefined): void {
    if (row !== undefined && row.name !== this.#name) {
      this.#name = row.name;
      this.#changed(true);
    }
    this.#news.resolve();
  }

  /** The engine can be reached again. */
  reachable(): void {
    this.#why = undefined;
    this.#news.resolve();
  }

  /** The engine cannot be reached, whether the way there is still open or not. */
  unreachable(why: string): void {
    this.#why = why;
    this.#reading?.abort(new Error(why));
    if (!this.isEnded) this.#set('waiting', why);
  }

  close(): void {
    this.#closed.abort(new Error('closed'));
    this.#news.resolve();
  }

  /** Gives how long to wait at most for news until it is read again: milliseconds; 0: never. */
  async #readOnce(failures: number): Promise<number> {
    try {
      return await this.#connection.use(async docker => {
        const { Config, State: begun } = await docker.getContainer(this.id).inspect();
        this.#begin(begun);
        // Podman loses lines where it is to follow a log that is long already.
        const { engine } = await (await this.#connection.connect()).identify();
        if (engine === 'podman') await this.#read(docker, Config.Tty, false);
        if (engine === 'docker' || this.#goesOn) await this.#read(docker, Config.Tty, this.#goesOn);
        if (!this.#goesOn) return 0;
        const { State } = await docker.getContainer(this.id).inspect();
        if (State.Running) return this.#hasProgress ? 1 : 250 * 2 ** Math.min(failures, 5);
        this.#joiner?.finish();
        this.#set('waiting', `stopped (exit ${State.ExitCode})`);
        return Infinity;
      });
    } catch (error) {
      return this.#afterError(error, failures);
    }
  }

  get #goesOn(): boolean {
    const { follow, until } = this.#wanted;
    return follow && (until === undefined || Date.now() < until);
  }

  async #read(docker: Docker, isTerminal: boolean, follow: boolean): Promise<void> {
    const joiner = (this.#joiner ??= new LogLinesOf(isTerminal, line => this.lines.add(line)));
    const entries = new LogEntries(!isTerminal, fragment => {
      const fresh = this.#position.fresh(fragment);
      if (fresh !== undefined) joiner.read(fresh);
    });
    const query = this.#query(follow);
    const { lines } = this;
    const taker = {
      read: (chunk: Buffer) => {
        entries.read(chunk);
        this.#moved = performance.now();
        this.#hasProgress = true;
        this.#changed(false);
      },
      get isFull() {
        return lines.isFull;
      },
      set onRoom(room: () => void) {
        lines.onRoom = room;
      },
    };
    const begun = (): void => {
      this.#isOpening = false;
      this.#moved = performance.now();
      this.#set('following', undefined);
    };
    this.#reading = new AbortController();
    const signal = AbortSignal.any([this.#closed.signal, this.#reading.signal]);
    await readLog(docker, this.id, { query, taker, begun }, signal);
  }

  #query(follow: boolean): LogQuery {
    const { tail, since, until } = this.#wanted;
    const from = this.#position.resume() ?? (since === undefined ? undefined : seconds(since));
    return {
      follow,
      ...(from !== undefined && { since: from }),
      ...(until !== undefined && { until: seconds(until) }),
      ...(tail !== undefined && !this.#position.isBegun && { tail }),
    };
  }

  #afterError(error: unknown, failures: number): number {
    if (this.#closed.signal.aborted) return 0;
    const { statusCode } = error as { statusCode?: number };
    // 409: it is being removed.
    if (statusCode !== undefined && statusCode !== 409) {
      this.#end(statusCode === 404 ? 'removed' : engineSays(error).said);
      return 0;
    }
    const message = error instanceof EngineUnusable ? error.trouble.message : (error as Error).message;
    if (!this.#wanted.follow && failures >= mostFailures) {
      this.#end(message);
      return 0;
    }
    this.#set('waiting', this.#why ?? message);
    return Math.min(200 * 2 ** failures, 10_000);
  }

  #finish(): void {
    this.#joiner?.finish();
    if (!this.isEnded) this.#end(undefined);
  }

  #end(message: string | undefined): void {
    this.#joiner?.finish();
    this.#set('ended', message);
    this.#closed.abort(new Error('ended'));
  }

  /** Before what it prints is read: it may have been started again. */
  #begin({ Running, StartedAt }: { Running: boolean; StartedAt: string }): void {
    if (!Running || StartedAt === this.#startedAt) return;
    this.#startedAt = StartedAt;
    this.#changed(true);
  }

  #set(state: LogSource['state'], message: string | undefined): void {
    if (this.#state === state && this.#message === message) return;
    this.#state = state;
    this.#message = message;
    this.#changed(true);
  }

  async #pause(ms: number): Promise<void> {
    const timer = Number.isFinite(ms) ? setTimeout(() => this.#news.resolve(), ms) : undefined;
    await this.#news.promise;
    clearTimeout(timer);
  }
}

/** Seconds with milliseconds, as engines take times. */
function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
