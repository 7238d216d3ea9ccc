import * as z from 'zod';
import { parseDuration } from '../runbook/duration';
import { linearPattern } from '../runbook/linearPattern';
import { commandReader, type Told } from './commandPattern';

/** One value or a list of them. */
export function listOf<T extends z.ZodType>(item: T): z.ZodType<z.output<T>[]> {
  return z.preprocess(value => (Array.isArray(value) ? (value as unknown[]) : [value]), z.array(item));
}

/** Milliseconds of `30s`, `5m`, `90d`. */
export const Duration = z.union([z.string(), z.number()]).transform((value, context) => {
  const ms = parseDuration(String(value));
  if (ms !== undefined && ms > 0) return ms;
  context.addIssue(`expected a length of time like 30s, 5m or 90d, not ${String(value)}`);
  return z.NEVER;
});

/** Bytes of `2GiB`, `500 MB`. */
export const Size = z.union([z.string(), z.number()]).transform((value, context) => {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?b)?$/i.exec(String(value).trim()) ?? [];
  const factor = units[unit.toLowerCase()];
  if (number !== undefined && factor !== undefined) return Math.round(Number(number) * factor);
  context.addIssue(`expected a size like 2GiB or 500MB, not ${String(value)}`);
  return z.NEVER;
});

const units: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** A pattern as written, and whether a text fits it. */
export interface Pattern {
  readonly written: string;
  matches(text: string): boolean;
}

/** A whole name, with `*` for any characters; `/…/` is a regular expression that may match anywhere. */
export const NamePattern = z
  .string()
  .min(1)
  .transform((written, context) => {
    if (isExpression(written)) return expression(written, context);
    const escaped = written.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
    const whole = new RegExp(`^${escaped}$`);
    return { written, matches: (text: string) => whole.test(text) } satisfies Pattern;
  });

/** A pattern of commands as written, and what it tells of a text. */
export interface CommandRule {
  readonly written: string;
  tell(text: string): Told;
}

/** Words of a command, see {@link commandReader}; `/…/` is a regular expression that may match anywhere in a line. */
export const CommandPattern = z
  .string()
  .min(1)
  .transform((written, context): CommandRule => {
    if (!isExpression(written)) return { written, tell: commandReader(written) };
    const pattern = expression(written, context);
    return { written, tell: text => (pattern.matches(text) ? 'runs' : 'no') };
  });

function isExpression(written: string): boolean {
  return written.length > 2 && written.startsWith('/') && written.endsWith('/');
}

function expression(written: string, context: z.RefinementCtx): Pattern {
  const { pattern, problem } = linearPattern(`(?:.*)(?:${written.slice(1, -1)})(?:.*)`);
  if (problem === undefined) {
    return { written, matches: text => text.split('\n').some(line => pattern.matches(line)) };
  }
  context.addIssue(`${written} is no regular expression: ${problem}`);
  return z.NEVER;
}
