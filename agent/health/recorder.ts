import type { CheckHistory, HistorySpan } from '../protocol/checkHistory';
import type { KeptCheck, ResultRecord } from '../store/health/resultRecord';

/** Where it is kept what came of checks; any call may throw HandrailError `store`. */
export interface ResultStore {
  write(records: readonly ResultRecord[]): void;
  kept(id: string): KeptCheck | undefined;
  mute(id: string, muted: KeptCheck['muted']): void;
  history(id: string, span: HistorySpan): CheckHistory;
  prune(now: number): void;
  close(): void;
}

/** Milliseconds between two writes. */
const pause = 5000;
/** Records that are written in one go: nothing else goes on meanwhile. */
const mostAtOnce = 500;
/** Records that wait, at most: the oldest go where nothing can be written for long. */
const mostWaiting = 50_000;
/** Milliseconds between two removals of what is old. */
const pruning = 60_000;

/** Writes down what comes of checks, some seconds later and many at a time, so that no check waits for a disk. */
export class Recorder {
  readonly #open: () => ResultStore;
  readonly #report: (error: unknown) => void;
  #store: ResultStore | undefined;
  #waiting: ResultRecord[] = [];
  #timer: NodeJS.Timeout | undefined;
  #trouble: string | undefined;
  #prunedAt = 0;

  /** `open` is called at the first use, and again where that failed. `report` is told once of each trouble. */
  constructor(open: () => ResultStore, report: (error: unknown) => void) {
    this.#open = open;
    this.#report = report;
  }

  note(record: ResultRecord): void {
    this.#waiting.push(record);
    if (this.#waiting.length > mostWaiting) this.#waiting = this.#waiting.slice(mostWaiting / 10);
    this.#timer ??= setTimeout(() => this.#flush(), pause).unref();
  }

  /** What is known of a check from before; nothing where that cannot be read. */
  kept(id: string): KeptCheck | undefined {
    while (this.#waiting.length > 0 && this.#writeSome());
    if (this.#trouble !== undefined) return undefined;
    return this.#try(() => this.#stored().kept(id));
  }

  /** Throws HandrailError `store`: who mutes wants to know that it is kept. */
  mute(id: string, muted: KeptCheck['muted']): void {
    this.#stored().mute(id, muted);
  }

  /** Throws HandrailError `store` where nothing can be read. */
  history(id: string, span: HistorySpan): CheckHistory {
    while (this.#waiting.length > 0 && this.#writeSome());
    const history = this.#stored().history(id, span);
    return this.#trouble === undefined ? history : { ...history, unrecorded: this.#trouble };
  }

  /** Writes what waits, as far as that can be done. */
  close(): void {
    clearTimeout(this.#timer);
    while (this.#waiting.length > 0 && this.#writeSome());
    this.#store?.close();
    this.#store = undefined;
  }

  #flush(): void {
    this.#timer = undefined;
    const isWritten = this.#writeSome();
    this.#prune();
    if (this.#waiting.length === 0) return;
    const wait = isWritten && this.#waiting.length >= mostAtOnce ? 50 : pause;
    this.#timer = setTimeout(() => this.#flush(), wait).unref();
  }

  #writeSome(): boolean {
    const some = this.#waiting.slice(0, mostAtOnce);
    const done = this.#try(() => {
      this.#stored().write(some);
      return true;
    });
    if (done !== true) return false;
    this.#waiting = this.#waiting.slice(some.length);
    this.#trouble = undefined;
    return true;
  }

  #prune(): void {
    if (performance.now() - this.#prunedAt < pruning) return;
    this.#prunedAt = performance.now();
    this.#try(() => this.#stored().prune(Date.now()));
  }

  #stored(): ResultStore {
    return (this.#store ??= this.#open());
  }

  /** Checking goes on whatever happens to the disk. */
  #try<T>(action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      if (this.#trouble === undefined) this.#report(error);
      this.#trouble = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  }
}
