import PQueue from 'p-queue';
import { afterSleep, settlingTime } from './afterSleep';
import type { CheckResult, CheckSpec } from './checkSpec';
import { advance, newStatus, nextProbe, settled, type CheckStatus } from './checkStatus';
import { offlineResult } from './offline';
import { probeOnce } from './probeOnce';
import { SleepGauge } from './sleepGauge';
import { systemClock, type WatchClock } from './watchClock';

/** Probes that are under way at the same time, at most. */
const mostAtOnce = 64;

/** Part of the time between probes by which it varies, so that many checks do not become one burst. */
const jitter = 0.1;

/** Milliseconds over which the first looks after a sleep are spread. */
const wakingTime = 5000;

/** Checks that are looked at again and again. */
export interface Watch {
  statusOf(name: string): CheckStatus | undefined;
  /** Looks at a check now; does nothing where that is under way. */
  probe(name: string): void;
  /** Ends what is under way; nothing is told any more. */
  close(): void;
}

/**
 * Is told of each probe; it must not throw. `stood`: milliseconds that the check stood as before, nothing where that
 * was not watched; without a new probe it is undefined, too.
 */
export type Probed = (
  check: CheckSpec,
  status: CheckStatus,
  before: CheckStatus,
  stood: number | undefined,
) => void;

/** `status`: how a check stood that was watched before. */
export function watchChecks(
  checks: readonly { readonly check: CheckSpec; readonly status?: CheckStatus }[],
  env: Readonly<Record<string, string>>,
  probed: Probed,
  clock: WatchClock = systemClock,
): Watch {
  const watch = new Watching(env, probed, clock);
  checks.forEach(({ check, status = newStatus(clock.now()) }, at) => {
    // Spread over a tenth of the time, but nobody waits long for the first look.
    watch.add(check, status, (Math.min(check.every / 10, 5000) * at) / checks.length);
  });
  return watch;
}

interface Entry {
  readonly check: CheckSpec;
  status: CheckStatus;
  isUnderWay: boolean;
  /** When it was looked at last, by the monotonic clock; nothing where it was not watched since. */
  lookedAt: number | undefined;
  cancel: () => void;
}

class Watching implements Watch {
  readonly #env: Readonly<Record<string, string>>;
  readonly #probed: Probed;
  readonly #clock: WatchClock;
  readonly #gauge: SleepGauge;
  readonly #ending = new AbortController();
  readonly #queue = new PQueue({ concurrency: mostAtOnce });
  readonly #entries = new Map<string, Entry>();
  #endSettling = (): void => undefined;

  constructor(env: Readonly<Record<string, string>>, probed: Probed, clock: WatchClock) {
    this.#env = env;
    this.#probed = probed;
    this.#clock = clock;
    this.#gauge = new SleepGauge(clock);
  }

  add(check: CheckSpec, status: CheckStatus, delay: number): void {
    const entry: Entry = { check, status, isUnderWay: false, lookedAt: undefined, cancel: () => undefined };
    this.#entries.set(check.name, entry);
    this.#plan(entry, delay);
  }

  statusOf(name: string): CheckStatus | undefined {
    return this.#entries.get(name)?.status;
  }

  probe(name: string): void {
    const entry = this.#entries.get(name);
    if (entry !== undefined) this.#enqueue(entry);
  }

  close(): void {
    this.#ending.abort();
    this.#queue.clear();
    this.#endSettling();
    for (const { cancel } of this.#entries.values()) cancel();
  }

  #plan(entry: Entry, delay: number): void {
    entry.cancel();
    const due = this.#clock.monotonic() + delay;
    entry.cancel = this.#clock.after(delay, () => {
      this.#lookAtClock(due);
      this.#enqueue(entry);
    });
  }

  #enqueue(entry: Entry): void {
    if (entry.isUnderWay || this.#ending.signal.aborted) return;
    entry.cancel();
    entry.isUnderWay = true;
    void this.#queue.add(() => this.#look(entry));
  }

  async #look(entry: Entry): Promise<void> {
    const { check } = entry;
    const result = await this.#result(check);
    if (result === undefined) return;
    // What was under way while the machine slept says nothing.
    const slept = this.#lookAtClock() !== 0;
    entry.isUnderWay = false;
    if (!slept) this.#take(entry, result);
    this.#plan(entry, nextProbe(entry.status, check) * (1 + jitter * (2 * Math.random() - 1)));
  }

  #take(entry: Entry, result: CheckResult): void {
    const before = entry.status;
    const monotonic = this.#clock.monotonic();
    const stood = entry.lookedAt === undefined ? undefined : monotonic - entry.lookedAt;
    entry.lookedAt = monotonic;
    entry.status = advance(before, result, entry.check, this.#clock.now());
    this.#probed(entry.check, entry.status, before, stood);
  }

  /** Nothing where the watch has ended. A fault of ours is told, and does not end the looking. */
  async #result(check: CheckSpec): Promise<CheckResult | undefined> {
    try {
      const result = await probeOnce(check, this.#env, this.#ending.signal);
      if (this.#ending.signal.aborted) return undefined;
      return offlineResult(check, result, this.#clock) ?? result;
    } catch (error) {
      if (this.#ending.signal.aborted) return undefined;
      const words = error instanceof Error ? error.message : String(error);
      return { state: 'unknown', ms: 0, message: `it could not be looked at: ${words}`, values: {} };
    }
  }

  /** Has all checks begin anew where the machine was asleep, or its clock set. Gives by how much. */
  #lookAtClock(due?: number): number {
    const jump = this.#gauge.jump(due);
    if (jump === 0) return 0;
    const entries = [...this.#entries.values()];
    entries.forEach((entry, at) => {
      const before = entry.status;
      entry.lookedAt = undefined;
      entry.status = afterSleep(before, jump, this.#clock.now());
      if (entry.status.state !== before.state) this.#probed(entry.check, entry.status, before, undefined);
      if (jump > 0 && !entry.isUnderWay) this.#plan(entry, (wakingTime * at) / entries.length);
    });
    this.#endSettling();
    this.#endSettling = this.#clock.after(settlingTime, () => this.#settle());
    return jump;
  }

  /** All that has not come back is told at once, so that it is one piece of news. */
  #settle(): void {
    for (const entry of this.#entries.values()) {
      const before = entry.status;
      entry.status = settled(before, entry.check, this.#clock.now());
      if (entry.status !== before) this.#probed(entry.check, entry.status, before, undefined);
    }
  }
}
