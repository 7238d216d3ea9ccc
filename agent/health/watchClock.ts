import { networkInterfaces } from 'node:os';

/** Time as checks are watched by it, and what else of the world that depends on. */
export interface WatchClock {
  /** Milliseconds since 1970, as somebody has set them. */
  now(): number;
  /** Milliseconds that only ever go on; where the machine sleeps they may stand still. */
  monotonic(): number;
  /** Calls back once, after so many milliseconds; gives what ends that. */
  after(ms: number, action: () => void): () => void;
  /** Whether this machine has an address by which others could be reached. */
  isOnline(): boolean;
}

export const systemClock: WatchClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
  isOnline: () =>
    Object.values(networkInterfaces()).some(addresses => addresses?.some(({ internal }) => !internal)),
};
