import type { Session, SessionFactory } from '../../executors/executor';
import { HandrailError } from '../../protocol/errors';
import type { Clock } from '../clock';
import type { PassedCells } from './passedCells';
import type { SessionStart } from './sessionStart';

/** The use of a session by one run. */
export interface Lease {
  readonly session: Session;
  /** The cells that passed in the session. */
  readonly passed: PassedCells;
  /** Settles when it is this run's turn. */
  readonly turn: Promise<void>;
  /** The run that has the session before this one, if one has. */
  readonly waitsFor: string | undefined;
  /** Whether the session is there for others when this run gives it back. */
  readonly outlivesRun: boolean;
  /** Call it when the turn has come: the session takes over what has changed with the client. */
  enter(): void;
  /** Keeps the session from going unused until it is called, also when it was given back: something goes on in it. */
  linger(): () => void;
  /** Gives it back; a session of the run's own is closed. */
  release(): Promise<void>;
}

/** How long an unused session is kept, in milliseconds. */
const keptFor = 8 * 60 * 60 * 1000;

/** More runs than this do not wait for one session. */
const longestQueue = 100;

/** The sessions of this process: those kept for later runs, and those of a single run. */
export class SessionPool {
  readonly #factory: SessionFactory;
  readonly #clock: Clock;
  readonly #report: (error: unknown) => void;
  /** By runbook path. */
  readonly #kept = new Map<string, Kept>();

  /** `report` gets what goes wrong where nobody waits. */
  constructor(factory: SessionFactory, clock: Clock, report: (error: unknown) => void) {
    this.#factory = factory;
    this.#clock = clock;
    this.#report = report;
  }

  /** A session that ends with the run. */
  own({ environment }: SessionStart): Lease {
    const session = this.#factory.open(environment);
    return {
      session,
      passed: new Map(),
      turn: Promise.resolve(),
      waitsFor: undefined,
      outlivesRun: false,
      enter: () => undefined,
      linger: () => () => undefined,
      release: () => session.close(),
    };
  }

  /** The runbook's session; runs take turns. Throws HandrailError `busy` if too many wait already. */
  kept(start: SessionStart, run: string): Lease {
    const kept = this.#findOrOpen(start);
    if (kept.queue.length >= longestQueue) {
      throw new HandrailError('busy', `${kept.queue.length} runs wait for the session of ${start.file}`, {
        file: start.file,
      });
    }
    const waitsFor = kept.queue.at(-1);
    const turn = kept.free;
    let done = (): void => undefined;
    kept.free = new Promise<void>(resolve => (done = resolve)).then(() => turn);
    kept.queue.push(run);
    kept.expiry?.dispose();
    const release = (): Promise<void> => {
      kept.queue.splice(kept.queue.indexOf(run), 1);
      this.#rest(kept);
      done();
      return Promise.resolve();
    };
    const linger = (): (() => void) => {
      kept.lingering += 1;
      return () => {
        kept.lingering -= 1;
        this.#rest(kept);
      };
    };
    const enter = (): void => kept.session.adopt(start.environment);
    const { session, passed } = kept;
    return { session, passed, turn, waitsFor, outlivesRun: true, enter, linger, release };
  }

  /** From now on it may be unused. */
  #rest(kept: Kept): void {
    kept.usedAt = this.#clock.now();
    kept.expiry?.dispose();
    const isUsed = kept.queue.length + kept.lingering > 0 || this.#kept.get(kept.file) !== kept;
    kept.expiry = isUsed ? undefined : this.#clock.after(keptFor, () => this.#expire(kept));
  }

  /** The runbook's session, if it has one. */
  find({ file }: SessionStart): Kept | undefined {
    return this.#kept.get(file);
  }

  list(): Kept[] {
    return [...this.#kept.values()];
  }

  /** Gives up the kept sessions of a runbook, or all: later runs get new ones. The caller closes them. */
  take(file?: string): Kept[] {
    const leaving = this.list().filter(kept => file === undefined || kept.file === file);
    for (const kept of leaving) {
      kept.expiry?.dispose();
      this.#kept.delete(kept.file);
    }
    return leaving;
  }

  #findOrOpen({ file, environment }: SessionStart): Kept {
    const known = this.#kept.get(file);
    if (known) return known;
    const now = this.#clock.now();
    const made: Kept = {
      file,
      user: environment.user,
      session: this.#factory.open(environment),
      passed: new Map(),
      startedAt: now,
      usedAt: now,
      queue: [],
      lingering: 0,
      free: Promise.resolve(),
      expiry: undefined,
    };
    this.#kept.set(file, made);
    return made;
  }

  #expire(kept: Kept): void {
    this.#kept.delete(kept.file);
    void kept.session.close().catch(this.#report);
  }
}

/** A session that outlives the runs that use it. */
export interface Kept {
  readonly file: string;
  /** Of the client that it was opened for. */
  readonly user: string;
  readonly session: Session;
  readonly passed: PassedCells;
  readonly startedAt: number;
  usedAt: number;
  /** Ids of the runs that have it or wait for it, in order. */
  readonly queue: string[];
  /** How many runs have given it back and left something going on in it. */
  lingering: number;
  /** Settles when all of them have given it back. */
  free: Promise<void>;
  expiry: { dispose(): void } | undefined;
}
