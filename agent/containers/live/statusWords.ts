import type { ContainerRow } from '../../protocol/containers';

/** What a list tells of a container in words only. */
export interface Status {
  readonly health?: NonNullable<ContainerRow['health']>;
  readonly exit?: number;
  /** Milliseconds that it is in its state, and how wrong that may be. */
  readonly age?: { readonly ms: number; readonly error: number };
}

/**
 * Reads `Up 3 hours (healthy)`, `Exited (137) 2 days ago`: the words of
 * https://github.com/moby/moby/blob/v28.0.0/container/state.go and of go-units' HumanDuration.
 */
export function readStatus(words: string): Status {
  const health = /\((?:health: )?(healthy|unhealthy|starting)\)/.exec(words)?.[1] as Status['health'];
  const exit = /^(?:Exited|Restarting) \((-?\d+)\)/.exec(words)?.[1];
  const age = ageOf(words);
  return {
    ...(health !== undefined && { health }),
    ...(exit !== undefined && { exit: Number(exit) }),
    ...(age !== undefined && { age }),
  };
}

const second = 1000;
const units: Readonly<Record<string, number>> = {
  second,
  minute: 60 * second,
  hour: 3600 * second,
  day: 86_400 * second,
  week: 7 * 86_400 * second,
  month: 30 * 86_400 * second,
  year: 365 * 86_400 * second,
};

function ageOf(words: string): Status['age'] {
  if (/Less than a second/.test(words)) return { ms: 0, error: second };
  const [, number, unit] = /(\d+|About an?) (second|minute|hour|day|week|month|year)s?\b/.exec(words) ?? [];
  const length = units[unit ?? ''];
  if (number === undefined || length === undefined) return undefined;
  const count = /^\d/.test(number) ? Number(number) : 1;
  return { ms: count * length, error: length };
}
