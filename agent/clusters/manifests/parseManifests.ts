import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import type { ManifestProblem } from '../../protocol/clusterManifests';
import { type Manifest, type ManifestObject, placeIn } from './manifest';
import type { Step } from './resolveField';

/** Manifests of one text, and what is wrong with it. */
export interface Parsed {
  readonly manifests: Manifest[];
  readonly problems: ManifestProblem[];
}

/**
 * Reads YAML or JSON of one or more documents; the items of a List count each for itself. As kubectl reads it: YAML 1.1,
 * whose times of day and dates stay text.
 */
export function parseManifests(text: string, file: string): Parsed {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    version: '1.1',
    lineCounter: lines,
    prettyErrors: false,
    customTags: tags => tags.filter(tag => typeof tag === 'string' || !isTime(tag)),
  });
  const parsed: Parsed = { manifests: [], problems: [] };
  for (const document of Array.isArray(documents) ? documents : [])
    readDocument(document, lines, file, parsed);
  return parsed;
}

function isTime({ tag, format }: { tag: string; format?: string }): boolean {
  return format === 'TIME' || tag === 'tag:yaml.org,2002:timestamp' || tag === 'tag:yaml.org,2002:binary';
}

function readDocument(document: Document, lines: LineCounter, file: string, parsed: Parsed): void {
  const problem = (at: number, message: string): void => {
    const { line, col } = lines.linePos(at);
    parsed.problems.push({ file, line, column: col, severity: 'error', message });
  };
  const [error] = document.errors;
  if (error !== undefined) return problem(error.pos[0], error.message);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    // More aliases than anybody writes: they would grow without end.
    if (!(cause instanceof ReferenceError)) throw cause;
    return problem(document.range?.[0] ?? 0, cause.message);
  }
  if (value !== null && value !== undefined) readObject({ document, lines, file, parsed }, value, []);
}

interface Source {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly file: string;
  readonly parsed: Parsed;
}

function readObject(source: Source, value: unknown, base: readonly Step[]): void {
  const { document, lines, file, parsed } = source;
  const placeOf = (steps: readonly Step[]) => placeIn(document, lines, base, steps);
  const problem = (steps: readonly Step[], message: string, hint?: string): void =>
    void parsed.problems.push({
      ...{ file, ...placeOf(steps), severity: 'error', message },
      ...(hint !== undefined && { hint }),
    });
  const object = (isRecord(value) ? value : {}) as Partial<ManifestObject>;
  const { apiVersion, kind, metadata } = object;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string')
    return problem([], noManifest, 'A manifest has apiVersion and kind.');
  const { items } = object;
  if (kind.endsWith('List') && Array.isArray(items))
    return items.forEach((item, index) => readObject(source, item, [...base, 'items', index]));
  const name = isRecord(metadata) ? metadata['name'] : undefined;
  if (typeof name !== 'string' || name === '')
    return problem(['metadata'], `This ${kind} has no metadata.name`, hintFor(metadata, name));
  const namespace = metadata?.namespace;
  if (namespace !== undefined && typeof namespace !== 'string')
    return problem(['metadata', 'namespace'], 'The namespace is no text', 'Put it in quotes.');
  parsed.manifests.push({ file, object: object as ManifestObject, placeOf });
}

/** What is said of something that is no manifest. */
export const noManifest = 'This is no manifest';

function hintFor(metadata: unknown, name: unknown): string | undefined {
  if (typeof name === 'number' || typeof name === 'boolean') return `Put it in quotes: "${String(name)}"`;
  if (isRecord(metadata) && metadata['generateName'] !== undefined)
    return 'What has only a generateName is another one at each time: kubectl create makes it.';
  return undefined;
}

/** Whether something is an object with keys. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
