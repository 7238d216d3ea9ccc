/**
 * In the environment of a process that outlives its run, and of all that it starts, as `NAME=value`: by it the process
 * is found where whoever started it was killed before it could be recorded.
 */
export function detachedMark(run: string, step: number): string {
  return `${detachedVariable}=${run}.${step}`;
}

/** Name of the file, among those of its run, that such a process prints into. */
export function detachedLogName(step: number): string {
  return `detached-${step}.log`;
}

export const detachedVariable = 'HANDRAIL_DETACHED';
