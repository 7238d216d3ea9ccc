import { createContext, Script, type Context } from 'node:vm';

/** What would have taken longer than it may. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
}

let box: Context | undefined;
const script = new Script('job()');

/**
 * Does something that may hold the process, and ends it when its time is up: for what strangers have written. To be
 * ended is no exception that `work` could catch; what it works with may be half done. Costs about a sixth of a
 * millisecond.
 *
 * @param ms milliseconds
 * @throws TooLong
 */
export function withinTime<T>(ms: number, work: () => T): T {
  const sandbox = (box ??= createContext({}));
  let result: { readonly value: T } | undefined;
  sandbox['job'] = () => {
    result = { value: work() };
  };
  try {
    script.runInContext(sandbox, { timeout: ms });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new TooLong(`it takes longer than ${ms} ms`);
  } finally {
    sandbox['job'] = undefined;
  }
  return result!.value;
}
