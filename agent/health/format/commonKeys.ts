import * as z from 'zod';
import { Duration, listOf } from '../../config/fields';
import { MaintenanceWindow } from '../maintenance';

const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** Less would leave no time for anything else, and timers know no more. Milliseconds. */
function isInterval(ms: number): boolean {
  return ms >= 100 && ms <= 7 * 86_400_000;
}

/** Keys that every check may have; defaults and templates, too. */
export const commonKeys = {
  group: z.string().optional(),
  tags: listOf(z.string()).default([]),
  description: z.string().optional(),
  /** From one probe to the next. */
  every: Duration.refine(isInterval, 'expected a time from 100ms to 7d').default(60_000),
  /** That a probe may take. */
  timeout: Duration.refine(isInterval, 'expected a time from 100ms to 7d').default(10_000),
  /** In a row, before it is down. */
  failures: z.number().int().min(1).max(100).default(3),
  /** In a row, before it is up again. */
  successes: z.number().int().min(1).max(100).default(1),
  /** Condition in CEL; each type has one of its own. */
  up: Text.optional(),
  /** Condition in CEL under which it is up, but not well. */
  degraded: Text.optional(),
  /** What to do when it is down: `path#section`. */
  runbook: z.string().optional(),
  inputs: z.record(z.string(), Text).default({}),
  /** Names of checks in the same file: while one of them is down, nobody is told of this one. */
  needs: listOf(Text).default([]),
  /** Times in which it may be down and nobody is told. */
  maintenance: z.array(MaintenanceWindow).max(100).default([]),
};

/** What only a check itself says. */
export const ownKeys = {
  name: Text.pipe(z.string().min(1)),
  type: z.string(),
  /** A template of the same file. */
  use: z.string().optional(),
  /** One check for each combination of these values; `${{ matrix.KEY }}` stands for one. */
  matrix: z.record(z.string(), listOf(Text)).optional(),
};

const Raw = z.record(z.string(), z.unknown());

/** `*.health.yaml`: checks are looked at one by one, since their keys follow from their type. */
export const HealthFile = z.strictObject({
  defaults: Raw.default({}),
  templates: z.record(z.string(), Raw).default({}),
  checks: z.array(Raw),
});
export type HealthFile = z.output<typeof HealthFile>;
