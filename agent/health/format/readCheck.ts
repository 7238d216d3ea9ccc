import * as z from 'zod';
import { listOf } from '../../config/fields';
import { isNear } from '../../runbook/nearName';
import { dirname } from 'node:path';
import type { CheckSpec } from '../checkSpec';
import { compileCondition, type Condition } from '../conditions/condition';
import type { CheckType } from '../types/checkType';
import { checkTypes } from '../types/checkTypes';
import { commonKeys, ownKeys } from './commonKeys';

/** What is wrong with a check, and at which of its keys. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly hint?: string;
}

interface Entry {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Keys that stand in defaults or a template: those that its type does not know mean others. */
  readonly inherited: ReadonlySet<string>;
}

/** Reads the entry of one check, with defaults and template in it. */
export function readCheck(
  raw: Readonly<Record<string, unknown>>,
  entry: Entry,
): { check?: CheckSpec; problems: Problem[] } {
  const type = typeof raw['type'] === 'string' ? checkTypes.get(raw['type']) : undefined;
  if (type === undefined) return { problems: [noType(raw['type'])] };
  const schema = z.strictObject({ ...commonKeys, ...ownKeys, ...type.options.shape });
  const known = Object.keys(schema.shape);
  const given = Object.fromEntries(
    Object.entries(raw).filter(([key]) => known.includes(key) || !entry.inherited.has(key)),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success)
    return { problems: parsed.error.issues.flatMap(issue => wordIssue(issue, known, given)) };
  const values = parsed.data as z.output<z.ZodObject<typeof commonKeys & typeof ownKeys>> &
    Record<string, unknown>;
  const problems: Problem[] = [];
  const compile = (key: 'up' | 'degraded', text: string): Condition | undefined => {
    const condition = compileCondition(text, type.values);
    if (!('offset' in condition)) return condition;
    problems.push({
      path: [key],
      message: `${key}: ${condition.message}`,
      ...pointAt(text, condition.offset),
    });
    return undefined;
  };
  const up = compile('up', values.up ?? type.up);
  const degraded = values.degraded === undefined ? undefined : compile('degraded', values.degraded);
  if (up === undefined || problems.length > 0) return { problems };
  return { check: specOf(values, type, { up, degraded }, entry), problems };
}

type Values = z.output<z.ZodObject<typeof commonKeys & typeof ownKeys>> & Record<string, unknown>;

function specOf(
  values: Values,
  type: CheckType,
  conditions: Pick<CheckSpec, 'up' | 'degraded'>,
  { file, line, column, inherited }: Entry,
): CheckSpec {
  const { name, group, tags, description, every, timeout, failures, successes } = values;
  const { runbook, inputs, maintenance } = values;
  const options = Object.fromEntries(Object.keys(type.options.shape).map(key => [key, values[key]]));
  return {
    ...{ name, type: type.name, file, line, column, group, tags, description },
    ...{ every, timeout, failures, successes, runbook, inputs, maintenance, ...conditions },
    // What all checks need does not need itself.
    needs: inherited.has('needs') ? values.needs.filter(need => need !== name) : values.needs,
    subject: type.subject(options),
    ...(type.runs && { command: type.runs(options) }),
    probe: world => type.probe(options, { ...world, folder: dirname(file) }),
  };
}

/** The values of a matrix by key. */
export function matrixOf(
  raw: unknown,
): { values: Readonly<Record<string, readonly string[]>> } | { problem: Problem } {
  const parsed = Matrix.safeParse(raw ?? {});
  if (parsed.success) return { values: parsed.data };
  return { problem: { path: ['matrix'], message: 'matrix: expected a list of values for each key' } };
}

const Matrix = z.record(z.string(), listOf(z.union([z.string(), z.number(), z.boolean()]).transform(String)));

function noType(type: unknown): Problem {
  const there = [...checkTypes.keys()];
  if (type === undefined)
    return { path: [], message: 'The check has no type', hint: `There is: ${there.join(', ')}.` };
  const meant = there.find(name => typeof type === 'string' && isNear(type, name));
  const hint = meant === undefined ? `There is: ${there.join(', ')}.` : `Did you mean \`${meant}\`?`;
  return { path: ['type'], message: `There is no type of check ${JSON.stringify(type)}`, hint };
}

function wordIssue(
  issue: z.ZodError['issues'][number],
  known: readonly string[],
  given: Readonly<Record<string, unknown>>,
): Problem[] {
  const { path, message } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => {
      const meant = known.find(name => isNear(key, name));
      const hint = meant === undefined ? `There is: ${known.join(', ')}.` : `Did you mean \`${meant}\`?`;
      return { path: [...path, key], message: `There is no key \`${key}\` here`, hint };
    });
  }
  const where = path.length === 0 ? '' : `${path.map(String).join('.')}: `;
  const missing = path.length === 1 && given[String(path[0])] === undefined;
  return [{ path, message: missing ? `${path.map(String).join('.')} is missing` : `${where}${message}` }];
}

/** The part of a condition that is wrong, since its column within YAML may lie anywhere. */
function pointAt(text: string, offset: number): { hint?: string } {
  if (offset <= 0) return {};
  const rest = text.slice(offset).split('\n')[0]?.slice(0, 40) ?? '';
  return { hint: rest === '' ? 'It is not complete.' : `It is wrong from: ${rest}` };
}
