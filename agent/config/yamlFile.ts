import { LineCounter, parseDocument, type Document } from 'yaml';
import type * as z from 'zod';
import { duplicateKeys } from '../runbook/duplicateKeys';
import type { Place } from '../runbook/frontMatterPlaces';
import { isNear } from '../runbook/nearName';
import type { FiledDiagnostic, Position } from '../runbook/model';
import { yamlPlaces } from '../runbook/yamlPlaces';

/** A YAML text as its schema reads it, and all that is wrong with it. There is a value only where nothing is. */
export interface YamlReading<T> {
  readonly value?: T;
  readonly problems: readonly FiledDiagnostic[];
  /** Keys that the schema does not know: warnings, or errors where a rule must not be overlooked. */
  readonly unknown: readonly UnknownKey[];
  /** Where a key stands, and its value as written: `1.10`, where the parsed value is 1.1. */
  readonly placeOf: (path: Path) => Position & { readonly written?: string };
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
  const place = (offset: number): FiledDiagnostic => {
    const { line, col } = counter.linePos(offset);
    const at = { line: Math.max(1, line), column: Math.max(1, col), span: { start: offset, end: offset } };
    return { severity: 'error', code: 'config', message: '', file, ...at };
  };
  const nowhere = () => ({ line: 1, column: 1 });
  const wrong = (problems: FiledDiagnostic[]) => ({ problems, unknown: [], placeOf: nowhere });
  if (text.length > longest) return wrong([{ ...place(0), message: 'It has more than 256 KiB' }]);
  const document = parseDocument(text, {
    lineCounter: counter,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
  });
  const syntax = [
    ...document.errors.map(({ message, pos }) => ({ ...place(pos[0]), message })),
    ...duplicateKeys(document).map(offset => ({ ...place(offset), message: 'Map keys must be unique' })),
  ];
  if (syntax.length > 0) return wrong(syntax);
  const { value, problem } = valueOf(document);
  if (problem !== undefined) return wrong([{ ...place(0), message: problem }]);
  const find = placesIn(document);
  const read = checked(schema, value ?? {}, path => place(find(path)?.key.start ?? 0));
  return {
    ...read,
    placeOf(path) {
      const found = find(path);
      const { line, column } = place(found?.key.start ?? 0);
      const written = found?.plain && found.value && text.slice(found.value.start, found.value.end);
      return { line, column, ...(written === undefined || written === false ? {} : { written }) };
    },
  };
}

/** Characters, as of front matter. */
const longest = 256 * 1024;

type Path = readonly PropertyKey[];

function checked<S extends z.ZodType>(
  schema: S,
  value: unknown,
  at: (path: Path) => FiledDiagnostic,
): Omit<YamlReading<z.output<S>>, 'placeOf'> {
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

/** Finds where a key stands: the nearest one around it where it cannot be told. */
function placesIn(document: Document.Parsed): (path: Path) => Place | undefined {
  const find = yamlPlaces(document);
  return path => {
    const keys = path.map(key => (typeof key === 'number' ? key : String(key)));
    for (let length = keys.length; length > 0; length--) {
      const found = find(keys.slice(0, length));
      if (found) return found;
    }
    return undefined;
  };
}
