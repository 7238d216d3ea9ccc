import { evaluate } from '@marcbachmann/cel-js';

/** A length of time as CEL has it. `valueOf` gives milliseconds. */
export interface CelDuration {
  valueOf(): number;
}

interface DurationClass {
  new (...args: never[]): CelDuration;
  fromMilliseconds(ms: number): CelDuration;
}

let durations: DurationClass | undefined;

/** The library keeps its class to itself. */
function durationClass(): DurationClass {
  return (durations ??= (evaluate('duration("0s")') as object).constructor as unknown as DurationClass);
}

export function celDuration(ms: number): CelDuration {
  return durationClass().fromMilliseconds(ms);
}

export function isCelDuration(value: unknown): value is CelDuration {
  return value instanceof durationClass();
}

/** What was parsed from JSON as CEL has it: whole numbers are ints, so that `body.count + 1` is what it looks like. */
export function celValue(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(celValue);
  if (typeof value !== 'object' || value === null || isCelDuration(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, celValue(each)]));
}

/** A value of CEL as JSON has it: milliseconds for a length of time. */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (isCelDuration(value)) return Math.round(value.valueOf() * 1000) / 1000;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plainValue);
  if (value instanceof Map) return plainValue(Object.fromEntries(value as Map<string, unknown>));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainValue(each)]));
}

const longest = 80;

/** A value in words, for a message: cut where it is long. */
export function sayValue(value: unknown): string {
  if (isCelDuration(value)) return sayMilliseconds(value.valueOf());
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(Number(value.toPrecision(3)));
  const text = JSON.stringify(plainValue(value)) ?? 'nothing';
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** `12 ms`, `1.2 s`, `3 h`, `41 d`. */
export function sayMilliseconds(ms: number): string {
  const sign = ms < 0 ? '-' : '';
  const size = Math.abs(ms);
  for (const [unit, length, from] of units) {
    if (size < from) continue;
    const count = size / length;
    return `${sign}${count < 10 && unit !== 'ms' ? Number(count.toFixed(1)) : Math.round(count)} ${unit}`;
  }
  return `${sign}${Number(size.toFixed(1))} ms`;
}

/** Each with its milliseconds, and from where it is used. */
const units: readonly (readonly [string, number, number])[] = [
  ['d', 86_400_000, 2 * 86_400_000],
  ['h', 3_600_000, 2 * 3_600_000],
  ['min', 60_000, 120_000],
  ['s', 1000, 1000],
  ['ms', 1, 1],
];
