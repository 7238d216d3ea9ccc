/** Calls that come in bursts, passed on so that a tree is redrawn soon and seldom. */
export interface Coalesced<T> {
  /** `undefined`: everything changed. */
  fire(changed: T | undefined): void;
  dispose(): void;
}

/**
 * Passes the first call on at once, then at most one each `interval` milliseconds, with all that came since. VS Code
 * waits for a pause before it redraws a tree, so a steady stream of events would leave it stale.
 */
export function coalesce<T>(
  interval: number,
  pass: (changed: readonly T[] | undefined) => void,
): Coalesced<T> {
  let waiting: Set<T> | undefined;
  let all = false;
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    const changed = all ? undefined : [...(waiting ?? [])];
    const some = all || waiting !== undefined;
    waiting = undefined;
    all = false;
    timer = some ? setTimeout(flush, interval) : undefined;
    if (some) pass(changed);
  };
  return {
    fire(changed) {
      if (changed === undefined) all = true;
      else (waiting ??= new Set()).add(changed);
      if (timer === undefined) flush();
    },
    dispose() {
      clearTimeout(timer);
    },
  };
}
