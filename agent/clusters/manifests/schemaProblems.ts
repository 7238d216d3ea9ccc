import type { KindSchema, Schema } from './openApi';
import { isRecord } from './parseManifests';
import type { Step } from './resolveField';

/** A value that its schema does not allow. */
export interface SchemaProblem {
  readonly steps: readonly Step[];
  readonly message: string;
}

/** Problems of one object at most. */
const most = 50;

/**
 * What a schema does not allow of an object: fields that it does not know, wrong types. What is missing
 * is for the server to tell: it may fill it in, or has it already.
 */
export function schemaProblems(object: unknown, { schema, all }: KindSchema): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const tell = (steps: readonly Step[], message: string): void => {
    if (problems.length < most) problems.push({ steps, message });
  };
  const look = (value: unknown, given: Schema, steps: readonly Step[]): void => {
    const own = resolved(given, all);
    if (value === null || value === undefined) return;
    const wrong = wrongType(value, own);
    if (wrong !== undefined) return tell(steps, `${nameOf(steps)} ${wrong}`);
    if (own.enum !== undefined && !own.enum.includes(value))
      return tell(steps, `${nameOf(steps)} is ${JSON.stringify(value)}: it can be ${own.enum.join(', ')}`);
    if (Array.isArray(value)) {
      const { items } = own;
      if (items !== undefined) value.forEach((item, index) => look(item, items, [...steps, index]));
    } else if (isRecord(value)) lookInto(value, own, steps);
  };
  const lookInto = (value: Record<string, unknown>, own: Schema, steps: readonly Step[]): void => {
    const { properties = {}, additionalProperties: others } = own;
    const isOpen =
      own['x-kubernetes-preserve-unknown-fields'] === true ||
      own['x-kubernetes-embedded-resource'] === true ||
      others === true ||
      (own.properties === undefined && others === undefined);
    for (const [name, item] of Object.entries(value)) {
      const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (known !== undefined) look(item, known, [...steps, name]);
      else if (typeof others === 'object') look(item, others, [...steps, name]);
      else if (!isOpen) tell([...steps, name], `There is no field ${name} here${meant(name, properties)}`);
    }
  };
  look(object, schema, []);
  return problems;
}

/** With what it refers to. */
function resolved(schema: Schema, all: Schemas, depth = 0): Schema {
  const parts = [...(schema.$ref === undefined ? [] : [all[schema.$ref.split('/').at(-1) ?? ''] ?? {}])];
  parts.push(...(schema.allOf ?? []));
  if (parts.length === 0 || depth > 10) return schema;
  return Object.assign({}, ...parts.map(part => resolved(part, all, depth + 1)), schema) as Schema;
}

type Schemas = KindSchema['all'];

function wrongType(value: unknown, schema: Schema): string | undefined {
  const { type } = schema;
  if (schema['x-kubernetes-int-or-string'] === true || type === undefined || schema.oneOf !== undefined)
    return undefined;
  const is = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  const fits =
    type === 'integer' ? Number.isInteger(value) : type === 'number' ? is === 'number' : is === type;
  if (fits) return undefined;
  const hint = type === 'string' && (is === 'number' || is === 'boolean') ? ': put it in quotes' : '';
  return `is ${words[is] ?? is}, not ${words[type] ?? type}${hint}`;
}

const words: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a map',
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
};

function nameOf(steps: readonly Step[]): string {
  const last = steps.findLast(step => typeof step === 'string');
  if (last === undefined) return 'It';
  return typeof steps.at(-1) === 'number' ? `An item of ${last}` : last;
}

/** What may be meant: the same but for one or two letters. */
function meant(name: string, properties: object): string {
  const near = Object.keys(properties).find(key => distance(key.toLowerCase(), name.toLowerCase()) <= 2);
  return near === undefined ? '' : `; is ${near} meant?`;
}

function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}
