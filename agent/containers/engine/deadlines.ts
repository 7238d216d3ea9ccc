import type Docker from 'dockerode';

/** A request as docker-modem is told of it. */
export interface Dialled {
  readonly path: string;
  readonly method: string;
  readonly options?: { readonly t?: unknown } & Record<string, unknown>;
  readonly isStream?: boolean;
  readonly hijack?: boolean;
  abortSignal?: AbortSignal;
}

type Answered = (error: unknown, answer: unknown) => void;

/** No answer within the deadline. */
export class EngineSilent extends Error {
  override readonly name = 'EngineSilent';

  constructor({ method, path }: Pick<Dialled, 'method' | 'path'>, ms: number) {
    super(`No answer to ${method} ${path.split('?')[0] ?? ''} within ${ms / 1000} s`);
  }
}

const usual = 10_000;

/** What may take longer, by method and path: milliseconds. */
const longer: readonly (readonly [method: string, path: RegExp, ms: (dialled: Dialled) => number])[] = [
  ['POST', /^\/containers\/[^/]+\/(stop|restart)/, stopTime],
  ['POST', /^\/containers\/[^/]+\/wait/, () => Infinity],
  ['POST', /^\/containers\/[^/]+\/start/, () => 120_000],
  ['POST', /^\/containers\/create/, () => 120_000],
  ['POST', /^\/(containers|images|volumes|networks|build)\/prune/, () => 600_000],
  ['POST', /^\/images\/create/, () => 60_000],
  ['DELETE', /^\//, () => 120_000],
  ['GET', /^\/system\/df/, () => 120_000],
  ['GET', /^\/containers\/[^/]+\/archive/, () => 60_000],
  // Podman answers with the first line.
  ['GET', /^\/containers\/[^/]+\/logs/, () => Infinity],
  ['PUT', /^\/containers\/[^/]+\/archive/, () => 3_600_000],
];

/** How long an answer may take; of a stream its beginning. Milliseconds. */
export function deadlineOf(dialled: Dialled): number {
  const { method, path } = dialled;
  const found = longer.find(([of, pattern]) => of === method && pattern.test(path));
  return found === undefined ? usual : found[2](dialled);
}

/** A container may have a time of its own that nobody here knows. */
function stopTime({ options }: Dialled): number {
  const seconds = Number(options?.t ?? 600);
  return (seconds + 30) * 1000;
}

/** Has every request of a dockerode end with {@link EngineSilent} when no answer comes; streams only until they begin. */
export function setDeadlines(docker: Docker): void {
  const modem = docker.modem as { dial(dialled: Dialled, answered: Answered): void };
  const dial = modem.dial.bind(modem);
  modem.dial = (dialled, answered) => {
    const ms = deadlineOf(dialled);
    if (!Number.isFinite(ms)) return dial(dialled, answered);
    const limit = new AbortController();
    const timer = setTimeout(() => {
      const silent = new EngineSilent(dialled, ms);
      limit.abort(silent);
      settle(silent, null);
    }, ms);
    let isSettled = false;
    const settle: Answered = (error, answer) => {
      clearTimeout(timer);
      if (!isSettled) answered(error, answer);
      isSettled = true;
    };
    const { abortSignal: given } = dialled;
    dialled.abortSignal = given === undefined ? limit.signal : AbortSignal.any([given, limit.signal]);
    dial(dialled, settle);
  };
}
