import type { IncomingMessage } from 'node:http';
import type { FollowedLog } from '../../logs/mergedLines';
import { LineQueue } from '../../logs/lineQueue';
import { LogEntries } from '../../logs/logEntries';
import { LogLinesOf } from '../../logs/logLinesOf';
import { compareTimes, LogPosition } from '../../logs/logPosition';
import type { LogSource } from '../../protocol/logs';
import { ApiRefusal } from '../api/apiRefusal';
import type { ClusterApi } from '../api/clusterApi';
import { isOver, specsOf, statusOf } from '../pods/podParts';
import type { ContainerState } from '../problems/podHealth';
import { backoff, Pause } from '../reflector/pause';
import type { KubeObject } from '../reflector/serverTable';

/** What of each container's log is wanted; times in milliseconds since 1970. */
export interface WantedLog {
  readonly tail?: number | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly follow: boolean;
  /** Of the container before it was started again. */
  readonly previous: boolean;
}

/** Tries in a row, where the log is not followed. */
const mostFailures = 5;
/** Milliseconds that the rest of a log may take to come when its pod is gone. */
const afterGone = 5000;

/**
 * The log of one container of a pod: followed over its restarts and over whatever happens on the way, each line once; until
 * the pod has gone or ended. Own requests: the library's log ends with an uncaught error where it is cut or silent.
 */
export class PodContainerLog implements FollowedLog {
  readonly lines = new LineQueue();
  readonly #index: number;
  readonly #api: ClusterApi;
  readonly #container: string;
  readonly #wanted: WantedLog;
  readonly #changed: (isState: boolean) => void;
  readonly #position = new LogPosition();
  readonly #closed = new AbortController();
  readonly #joiner: LogLinesOf;
  readonly #pause = new Pause();
  #pod: KubeObject;
  #isGone = false;
  #state: LogSource['state'] = 'following';
  #message: string | undefined;
  #reading: AbortController | undefined;
  /** Which start of the container was read last: how often it had been started again. */
  #start: number | undefined;
  /** Which start was read after its end. */
  #whole: number | undefined;
  #moved = 0;
  #isOpening = true;
  #hasProgress = false;
  #isOverdue = false;

  /** `changed`: there are lines, or it is in another state. */
  constructor(
    { pod, container, index }: { pod: KubeObject; container: string; index: number },
    api: ClusterApi,
    wanted: WantedLog,
    changed: (isState: boolean) => void,
  ) {
    this.#pod = pod;
    this.#container = container;
    this.#index = index;
    this.#api = api;
    this.#wanted = wanted;
    this.#changed = changed;
    const isTerminal = specsOf(pod).find(({ name }) => name === container)?.tty === true;
    this.#joiner = new LogLinesOf(isTerminal, line => this.#isOverdue || this.lines.add(line));
  }

  get source(): LogSource {
    const message = this.#message;
    const name = `${this.#pod.metadata?.name ?? ''}/${this.#container}`;
    return { index: this.#index, name, state: this.#state, ...(message !== undefined && { message }) };
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
      const wait = await this.#readOnce(failures);
      this.#isOpening = false;
      if (wait === 0 || this.#closed.signal.aborted) return this.#end(this.#message);
      failures = this.#hasProgress ? 1 : failures + 1;
      await this.#pause.wait(wait);
    }
  }

  /** The pod is different. */
  podChanged(pod: KubeObject): void {
    this.#pod = pod;
    this.#pause.end();
  }

  podGone(): void {
    this.#isGone = true;
    this.#pause.end();
    // A node that has gone with it says nothing any more.
    setTimeout(() => this.#reading?.abort(new Error('The pod has gone')), afterGone).unref();
  }

  /** The cluster can be reached again. */
  reachable(): void {
    this.#pause.end();
  }

  unreachable(why: string): void {
    this.#reading?.abort(new Error(why));
    if (!this.isEnded) this.#set('waiting', why);
  }

  close(): void {
    this.#closed.abort(new Error('closed'));
    this.#pause.end();
  }

  /** Gives how long to wait at most for news until it is read again: milliseconds; 0: never. */
  async #readOnce(failures: number): Promise<number> {
    try {
      if (this.#wanted.previous) {
        await this.#read(false, true);
        return 0;
      }
      const { state, lastState, restartCount: start = 0 } = statusOf(this.#pod, this.#container) ?? {};
      const isRunning = state?.running !== undefined;
      const ended = state?.terminated ?? lastState?.terminated;
      if (!isRunning && ended === undefined) return this.#awaitFirst(state?.waiting?.reason);
      if (!isRunning && this.#whole === start) return this.#awaitNext(ended, state?.waiting?.reason);
      await this.#readRest(start);
      await this.#read(this.#goesOn, false);
      this.#start = start;
      if (!isRunning) this.#whole = start;
      if (!this.#goesOn || this.#isOverdue) return 0;
      // What the pod is now comes a moment after the end of its log.
      return !isRunning ? 1 : this.#hasProgress ? 50 : 100 * 2 ** Math.min(failures, 6);
    } catch (error) {
      return this.#afterError(error, failures);
    }
  }

  /** Of a start that was read while it went on, and has ended meanwhile: what came after that. */
  async #readRest(start: number): Promise<void> {
    if (this.#start === undefined || this.#start >= start) return;
    const isWhole = this.#whole === this.#start;
    this.#start = start;
    try {
      if (!isWhole) await this.#read(false, true);
    } catch (error) {
      // Nodes keep one log of before at most, and not for ever.
      if (!(error instanceof ApiRefusal)) throw error;
    }
    this.#joiner.finish();
  }

  #awaitFirst(reason: string | undefined): number {
    const isOff = this.#isGone || isOver(this.#pod);
    if (!isOff && this.#goesOn) {
      this.#set('waiting', reason ?? 'not started yet');
      return Infinity;
    }
    this.#end(this.#isGone ? 'removed' : undefined);
    return 0;
  }

  #awaitNext(ended: ContainerState['terminated'], waits: string | undefined): number {
    this.#joiner.finish();
    const { exitCode = '?', reason } = ended ?? {};
    const why = `ended (exit ${exitCode}${reason === undefined || reason === 'Error' ? '' : `, ${reason}`})`;
    if (this.#isGone || isOver(this.#pod) || !this.#startsAgain(ended?.exitCode)) {
      this.#end(this.#isGone ? 'removed' : why);
      return 0;
    }
    this.#set('waiting', waits === undefined ? why : `${why}, ${waits}`);
    return Infinity;
  }

  #startsAgain(exit: number | undefined): boolean {
    const { initContainers = [], containers = [], restartPolicy } = (this.#pod.spec ?? {}) as RestartSpec;
    const isThis = ({ name }: { name: string }): boolean => name === this.#container;
    const init = initContainers.find(isThis);
    if (init?.restartPolicy === 'Always') return true;
    if (init === undefined && !containers.some(isThis)) return false;
    if (restartPolicy === 'Never') return false;
    return exit !== 0 || (init === undefined && restartPolicy !== 'OnFailure');
  }

  get #goesOn(): boolean {
    const { follow, until } = this.#wanted;
    return follow && (until === undefined || Date.now() < until);
  }

  async #read(follow: boolean, previous: boolean): Promise<void> {
    const { namespace = '', name = '' } = this.#pod.metadata ?? {};
    const place = [namespace, 'pods', name, 'log'].map(encodeURIComponent).join('/');
    this.#reading = new AbortController();
    const signal = AbortSignal.any([this.#closed.signal, this.#reading.signal]);
    const query = { ...this.#query(), container: this.#container, timestamps: true, follow, previous };
    const response = await this.#api.stream({ path: `/api/v1/namespaces/${place}`, query, signal });
    this.#isOpening = false;
    this.#moved = performance.now();
    this.#set('following', undefined);
    const entries = new LogEntries(false, fragment => {
      const { until } = this.#wanted;
      if (until !== undefined && compareTimes(fragment.time, new Date(until).toISOString()) > 0)
        this.#isOverdue = true;
      const fresh = this.#isOverdue ? undefined : this.#position.fresh(fragment);
      if (fresh !== undefined) this.#joiner.read(fresh);
    });
    await this.#carry(response, entries, signal);
  }

  #query(): Record<string, string | number | undefined> {
    const { tail, since } = this.#wanted;
    const resume = this.#position.resume();
    // Nodes are told whole seconds.
    if (resume !== undefined) return { sinceTime: new Date(Math.floor(Number(resume)) * 1000).toISOString() };
    return {
      ...(since !== undefined && { sinceTime: new Date(since).toISOString() }),
      ...(tail !== undefined && this.#start === undefined && { tailLines: tail }),
    };
  }

  async #carry(response: IncomingMessage, entries: LogEntries, signal: AbortSignal): Promise<void> {
    const { lines } = this;
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        entries.read(chunk);
        this.#moved = performance.now();
        this.#hasProgress = true;
        this.#changed(false);
        if (this.#isOverdue) return;
        while (lines.isFull && !signal.aborted) await roomIn(lines, signal);
      }
    } catch (error) {
      signal.throwIfAborted();
      throw this.#api.worded(error);
    } finally {
      response.destroy();
    }
  }

  #afterError(error: unknown, failures: number): number {
    if (this.#closed.signal.aborted) return 0;
    if (error instanceof ApiRefusal && error.status < 500 && error.status !== 429) {
      return this.#refused(error);
    }
    if (this.#isGone) {
      this.#end('removed');
      return 0;
    }
    const message = this.#api.troubleOf(error)?.message ?? (error as Error).message;
    if (!this.#wanted.follow && failures >= mostFailures) {
      this.#end(message);
      return 0;
    }
    this.#set('waiting', message);
    return this.#wanted.follow ? backoff(failures + 1, 10_000) : 200 * 2 ** failures;
  }

  /** 400: it has not started, or there is none of before. */
  #refused({ status, message }: ApiRefusal): number {
    const isWaiting = status === 400 && !this.#wanted.previous;
    if (isWaiting && this.#goesOn && !this.#isGone && !isOver(this.#pod)) {
      this.#set('waiting', message);
      return 1000;
    }
    this.#end(status === 404 ? 'removed' : message);
    return 0;
  }

  #end(message: string | undefined): void {
    this.#joiner.finish();
    this.#set('ended', message);
    this.#closed.abort(new Error('ended'));
  }

  #set(state: LogSource['state'], message: string | undefined): void {
    if (this.isEnded || (this.#state === state && this.#message === message)) return;
    this.#state = state;
    this.#message = message;
    this.#changed(true);
  }
}

async function roomIn(lines: LineQueue, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  lines.onRoom = resolve;
  const stop = (): void => resolve();
  signal.addEventListener('abort', stop, { once: true });
  await promise;
  signal.removeEventListener('abort', stop);
}

interface RestartSpec {
  readonly initContainers?: readonly { readonly name: string; readonly restartPolicy?: string }[];
  readonly containers?: readonly { readonly name: string }[];
  readonly restartPolicy?: string;
}
