/** Time, as the engine needs it. */
export interface Clock {
  /** Milliseconds since 1970. May jump. */
  now(): number;
  /** Milliseconds since some moment; never jumps. Durations are taken with it. */
  elapsed(): number;
  /** Calls `action` once after `ms` milliseconds, however many. */
  after(ms: number, action: () => void): { dispose(): void };
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, action) {
    let timer: NodeJS.Timeout;
    // A timer of more than 2³¹ − 1 ms would fire at once.
    const wait = (left: number): void => {
      timer = setTimeout(() => (left > longest ? wait(left - longest) : action()), Math.min(left, longest));
    };
    wait(ms);
    return { dispose: () => clearTimeout(timer) };
  },
};

const longest = 2 ** 31 - 1;
