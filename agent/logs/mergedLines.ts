import type { LogLine, LogSource } from '../protocol/logs';
import type { LineQueue } from './lineQueue';
import { compareTimes } from './logPosition';

/** Some lines, and all sources where one is new or has another state. */
export interface LogNews {
  readonly lines: LogLine[];
  readonly sources?: LogSource[];
  /** Sources that are not followed, as there are too many; with `sources`. */
  readonly leftOut?: number;
  readonly ended: boolean;
}

/** A log that is open, of one or more sources. */
export interface OpenLog {
  readonly sources: LogSource[];
  /** Tells all there is and what comes, until there is no more or it is closed. `tell` resolves when it takes more. */
  run(tell: (news: LogNews) => Promise<void>): Promise<void>;
  close(): void;
}

/** The log of one source, as it is read. */
export interface FollowedLog {
  readonly source: LogSource;
  readonly lines: LineQueue;
  readonly isEnded: boolean;
  /** Whether it has no lines, and some are about to come: within `patience` ms of the last ones or of its opening. */
  isBehind(patience: number): boolean;
  close(): void;
}

/** Lines and characters of one piece of news. */
const mostLines = 2000;
const mostSize = 256 * 1024;
/** Milliseconds between two pieces of news that are not full. */
const gap = 16;
/** Milliseconds that others are waited for, of what is new; and of what is older than so many milliseconds. */
const patience = 40;
const patienceWithOld = 600;
const old = 500;
/** Milliseconds that they are waited for whatever they do. */
const mostWait = 2000;

/** Several logs as one, in order of their times as far as they come together. */
export class MergedLines implements OpenLog {
  readonly #logs: FollowedLog[] = [];
  readonly #leftOut: () => number;
  readonly #isWhole: () => boolean;
  #hasSourceNews = true;
  #wake = Promise.withResolvers<void>();
  #isClosed = false;

  /** `leftOut`: how many sources are not followed. `isWhole`: whether no other source can come. */
  constructor({ leftOut, isWhole }: { leftOut: () => number; isWhole: () => boolean }) {
    this.#leftOut = leftOut;
    this.#isWhole = isWhole;
  }

  get sources(): LogSource[] {
    return this.#logs.map(({ source }) => source);
  }

  add(log: FollowedLog): void {
    this.#logs.push(log);
    this.changed(true);
  }

  /** There are lines, or (`isSource`) a source is in another state. */
  changed(isSource: boolean): void {
    this.#hasSourceNews ||= isSource;
    this.#wake.resolve();
  }

  async run(tell: (news: LogNews) => Promise<void>): Promise<void> {
    for (let isEnded = false; !isEnded && !this.#isClosed;) {
      await this.#somethingToTell();
      if (this.#isClosed) return;
      const { lines, isFull } = this.#take();
      const sources = this.#hasSourceNews ? this.sources : undefined;
      this.#hasSourceNews = false;
      isEnded = this.#isOver;
      if (lines.length === 0 && sources === undefined && !isEnded) continue;
      const leftOut = this.#leftOut();
      await tell({ lines, ended: isEnded, ...(sources && { sources, ...(leftOut > 0 && { leftOut }) }) });
      if (!isFull && !isEnded) await pause(gap);
    }
    this.close();
  }

  close(): void {
    this.#isClosed = true;
    for (const log of this.#logs) log.close();
    this.#wake.resolve();
  }

  get #isOver(): boolean {
    return this.#isWhole() && this.#logs.every(log => log.isEnded && log.lines.length === 0);
  }

  async #somethingToTell(): Promise<void> {
    while (!this.#isClosed && !this.#hasSourceNews && !this.#isOver && !this.#hasLines) {
      this.#wake = Promise.withResolvers();
      await this.#wake.promise;
    }
    if (this.#logs.length < 2) return pause(0);
    const end = performance.now() + mostWait;
    while (!this.#isClosed && performance.now() < end && this.#isAnyBehind) await pause(5);
  }

  get #hasLines(): boolean {
    return this.#logs.some(({ lines }) => lines.length > 0);
  }

  /** Whether somebody is about to tell lines that may be older. */
  get #isAnyBehind(): boolean {
    const first = this.#oldest()?.lines.first;
    if (first === undefined) return false;
    const isOld = Date.now() - Date.parse(first.time) > old;
    return this.#logs.some(log => log.isBehind(isOld ? patienceWithOld : patience));
  }

  /** The oldest lines of all, until enough, or until one has none left that may have older ones. */
  #take(): { lines: LogLine[]; isFull: boolean } {
    const lines: LogLine[] = [];
    let size = 0;
    while (lines.length < mostLines && size < mostSize) {
      const log = this.#oldest();
      const line = log?.lines.take();
      if (log === undefined || line === undefined) return { lines, isFull: false };
      const { time, isError, text, goesOn } = line;
      const told: LogLine = [log.source.index, time, isError, text];
      if (goesOn) told.push(true);
      lines.push(told);
      size += text.length;
      if (log.lines.length === 0 && this.#logs.length > 1 && log.isBehind(patience)) {
        return { lines, isFull: true };
      }
    }
    return { lines, isFull: true };
  }

  #oldest(): FollowedLog | undefined {
    let [oldest] = this.#logs;
    if (this.#logs.length < 2) return oldest;
    oldest = undefined;
    for (const log of this.#logs) {
      const line = log.lines.first;
      if (line === undefined) continue;
      const first = oldest?.lines.first;
      if (first === undefined || compareTimes(line.time, first.time) < 0) oldest = log;
    }
    return oldest;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => (ms === 0 ? setImmediate(resolve) : setTimeout(resolve, ms)));
}
