/** One fetch that several wait for. It is given up once nobody waits any more. */
export interface SharedFetch {
  readonly isAbandoned: boolean;
  /** Rejects with the signal's reason when it is aborted; the fetch goes on for the others. */
  wait(signal: AbortSignal): Promise<string>;
}

/** Begins at the first `wait`. */
export function createSharedFetch(fetch: (signal: AbortSignal) => Promise<string>): SharedFetch {
  const controller = new AbortController();
  let result: Promise<string> | undefined;
  let waiting = 0;
  return {
    get isAbandoned() {
      return controller.signal.aborted;
    },
    async wait(signal) {
      result ??= fetch(controller.signal);
      waiting++;
      const { promise: aborted, reject } = Promise.withResolvers<never>();
      const abort = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', abort, { once: true });
      try {
        return await Promise.race([result, aborted]);
      } finally {
        signal.removeEventListener('abort', abort);
        if (--waiting === 0) controller.abort(signal.reason);
      }
    },
  };
}
