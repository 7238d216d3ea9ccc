import PQueue from 'p-queue';
import type { CheckSpec } from './checkSpec';
import { advance, newStatus, nextProbe, type CheckStatus } from './checkStatus';
import { probeOnce } from './probeOnce';

/** Probes that are under way at the same time, at most. */
const mostAtOnce = 64;

/** Part of the time between probes by which it varies, so that many checks do not become one burst. */
const jitter = 0.1;

/** Checks that are looked at again and again. */
export interface Watch {
  statusOf(name: string): CheckStatus | undefined;
  /** Looks at a check now; does nothing where that is under way. */
  probe(name: string): void;
  /** Ends what is under way; nothing is told any more. */
  close(): void;
}

/** `status`: how a check stood that was watched before. `probed` is told of each probe; it must not throw. */
export function watchChecks(
  checks: readonly { readonly check: CheckSpec; readonly status?: CheckStatus }[],
  env: Readonly<Record<string, string>>,
  probed: (check: CheckSpec, status: CheckStatus, before: CheckStatus) => void,
): Watch {
  const ending = new AbortController();
  const queue = new PQueue({ concurrency: mostAtOnce });
  const entries = new Map<string, Entry>();
  const plan = (entry: Entry, delay: number): void => {
    entry.timer = setTimeout(() => enqueue(entry), delay);
  };
  const enqueue = (entry: Entry): void => {
    if (entry.isUnderWay || ending.signal.aborted) return;
    clearTimeout(entry.timer);
    entry.isUnderWay = true;
    void queue.add(() => look(entry));
  };
  const look = async (entry: Entry): Promise<void> => {
    const { check } = entry;
    try {
      const result = await probeOnce(check, env, ending.signal);
      const before = entry.status;
      entry.status = advance(before, result, check, Date.now());
      probed(check, entry.status, before);
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    }
    entry.isUnderWay = false;
    if (ending.signal.aborted) return;
    plan(entry, nextProbe(entry.status, check) * (1 + jitter * (2 * Math.random() - 1)));
  };
  checks.forEach(({ check, status = newStatus(Date.now()) }, at) => {
    const entry: Entry = { check, status, isUnderWay: false, timer: undefined };
    entries.set(check.name, entry);
    // Spread over a tenth of the time, but nobody waits long for the first look.
    plan(entry, (Math.min(check.every / 10, 5000) * at) / checks.length);
  });
  return {
    statusOf: name => entries.get(name)?.status,
    probe(name) {
      const entry = entries.get(name);
      if (entry !== undefined) enqueue(entry);
    },
    close() {
      ending.abort();
      queue.clear();
      for (const { timer } of entries.values()) clearTimeout(timer);
    },
  };
}

interface Entry {
  readonly check: CheckSpec;
  status: CheckStatus;
  isUnderWay: boolean;
  timer: NodeJS.Timeout | undefined;
}
