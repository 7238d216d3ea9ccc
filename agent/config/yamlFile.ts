import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type * as z from 'zod';
import { isNear } from '../runbook/nearName';
import type { FiledDiagnostic } from '../runbook/model';

/** A YAML text as its schema reads it, and all that is wrong with it. There is a value only where nothing is. */
export interface YamlReading<T> {
  readonly value?: T;
  readonly problems: readonly FiledDiagnostic[];
  /** Keys that the schema does not know: warnings, or errors where a rule must not be overlooked. */
  readonly unknown: readonly UnknownKey[];
}

/** A key that the schema does not know. */
export interface UnknownKey extends FiledDiagnostic {
  /** Whether it looks like one that it knows. */
  readonly mistyped: boolean;
}

/** Reads a YAML text against a schema of strict objects. `file` is what the problems name. */
export function readYaml<S extends z.ZodType>(
  file: string,
  text: string,
  schema: S,
): YamlReading<z.output<S>> {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: 'error' });
  const place = (offset: number): FiledDiagnostic => {
    const { line, col } = counter.linePos(offset);
    const at = { line: Math.max(1, line), column: Math.max(1, col), span: { start: offset, end: offset } };
    return { severity: 'error', code: 'config', message: '', file, ...at };
  };
  const syntax = document.errors.map(({ message, pos }) => ({ ...place(pos[0]), message }));
  if (syntax.length > 0) return { problems: syntax, unknown: [] };
  const { value, problem } = valueOf(document);
  if (problem !== undefined) return { problems: [{ ...place(0), message: problem }], unknown: [] };
  return checked(schema, value ?? {}, path => place(offsetOf(document, path)));
}

type Path = readonly PropertyKey[];

function checked<S extends z.ZodType>(
  schema: S,
  value: unknown,
  at: (path: Path) => FiledDiagnostic,
): YamlReading<z.output<S>> {
  const { issues, rest } = withoutUnknown(schema, value);
  const unknown = issues.flatMap(issue =>
    issue.keys.map(key => ({
      ...at([...issue.path, key]),
      ...wordUnknown(key, knownKeys(schema, issue.path)),
    })),
  );
  const parsed = schema.safeParse(rest);
  if (parsed.success) return { value: parsed.data, problems: [], unknown };
  const problems = parsed.error.issues.map(({ path, message }) => ({
    ...at(path),
    message: `${path.length === 0 ? 'The file' : path.map(String).join('.')}: ${message}`,
  }));
  return { problems, unknown };
}

interface UnknownKeys {
  readonly path: Path;
  readonly keys: readonly string[];
}

/** The value without the keys that nobody knows, so that the others can be read. */
function withoutUnknown(schema: z.ZodType, value: unknown): { issues: UnknownKeys[]; rest: unknown } {
  const rest: unknown = structuredClone(value);
  const found = (schema.safeParse(rest).error?.issues ?? []).flatMap(issue =>
    issue.code === 'unrecognized_keys' ? [{ path: issue.path, keys: issue.keys }] : [],
  );
  for (const { path, keys } of found) {
    const parent = path.reduce<unknown>((at, key) => Reflect.get(asObject(at), key), rest);
    for (const key of keys) Reflect.deleteProperty(asObject(parent), key);
  }
  return { issues: found, rest };
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function wordUnknown(
  key: string,
  known: readonly string[],
): Pick<UnknownKey, 'message' | 'mistyped'> & { hint: string } {
  const meant = known.find(name => isNear(key, name));
  const hint = meant === undefined ? `There is: ${known.join(', ')}.` : `Did you mean \`${meant}\`?`;
  return { message: `There is no key \`${key}\` here`, hint, mistyped: meant !== undefined };
}

/** The keys of the object that stands at `path` in the schema. */
function knownKeys(schema: z.ZodType, path: Path): string[] {
  let at: unknown = schema;
  for (const key of path) at = shapeOf(at)?.[String(key)];
  return Object.keys(shapeOf(at) ?? {});
}

/** What wraps an object (optional, default) is taken off. */
function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  const { shape, def } = (schema ?? {}) as { shape?: Record<string, unknown>; def?: { innerType?: unknown } };
  return shape ?? (def?.innerType === undefined ? undefined : shapeOf(def.innerType));
}

function valueOf(document: Document): { value?: unknown; problem?: string } {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown };
  } catch (error) {
    // An alias bomb, or an alias to nowhere.
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Where a key stands: the nearest one around it where it cannot be told. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown =
      length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const name = path[length - 1];
    if (isMap(parent)) {
      const key = parent.items
        .map(pair => pair.key)
        .find(one => isScalar(one) && String(one.value) === String(name));
      if (isScalar(key) && key.range) return key.range[0];
    }
    const item = document.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
    if (item?.range?.[0] !== undefined) return item.range[0];
  }
  return 0;
}
