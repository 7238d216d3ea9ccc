/**
 * Polls until `probe` gives something else than undefined or false, and gives that. An error in the probe counts
 * as "not yet"; the last one is the cause when time is up.
 *
 * @param what completes the sentence "waited for …"
 * @param deadline milliseconds
 */
export async function waitFor<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  deadline = 20_000,
): Promise<T> {
  const end = Date.now() + deadline;
  let cause: unknown;
  do {
    try {
      const value = await probe();
      if (value !== undefined && value !== false) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await new Promise(resolve => setTimeout(resolve, 25));
  } while (Date.now() < end);
  throw new Error(`waited ${deadline / 1000} s for ${what}`, { cause });
}
