import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { readRegularFile } from '../../readRegularFile';
import type { KubeconfigProblem } from './foundContext';

/** Bytes; one with 300 contexts and their certificates has about 2 MiB. */
const longest = 16 * 2 ** 20;

/** One named part of a kubeconfig, as written. */
export interface Entry {
  readonly name: string;
  /** All scalars are texts. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What a kubeconfig says. */
export interface KubeconfigFile {
  readonly file: string;
  /** What was found there, for a person. */
  readonly found: string;
  readonly current?: string;
  readonly contexts: readonly Entry[];
  readonly clusters: readonly Entry[];
  readonly users: readonly Entry[];
  readonly problems: readonly KubeconfigProblem[];
}

/** Reads a kubeconfig; what cannot be read of it is told, all else counts. */
export function readKubeconfig(file: string): KubeconfigFile {
  let text: string;
  try {
    text = readRegularFile(file).toString();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { ...empty(file), found: 'not there' };
    const hint = code === 'EACCES' ? `Let your user read ${file}.` : `Mend ${file}, or remove it.`;
    return broken(file, { file, message: `It cannot be read: ${message}`, hint });
  }
  if (text.length > longest) return broken(file, { file, message: 'It has more than 16 MiB' });
  return parse(file, text);
}

function parse(file: string, text: string): KubeconfigFile {
  const lines = new LineCounter();
  // All scalars are taken as text: names may be numbers, dates or `yes`.
  const document = parseDocument(text, {
    schema: 'failsafe',
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    logLevel: 'error',
  });
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const hint = `Mend ${file}: kubectl reads nothing of it either.`;
  const [error] = document.errors;
  if (error !== undefined)
    return broken(file, { file, ...at(error.pos[0]), message: `It is no YAML: ${error.message}`, hint });
  const { contents } = document;
  if (contents === null || (isScalar(contents) && String(contents.value).trim() === ''))
    return { ...empty(file), found: 'empty' };
  if (!isMap(contents))
    return broken(file, { file, line: 1, column: 1, message: 'It is no kubeconfig', hint });
  let plain: unknown;
  try {
    plain = document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    // An alias bomb, or an alias to nowhere.
    return broken(file, { file, line: 1, column: 1, message: (cause as Error).message, hint });
  }
  const problems: KubeconfigProblem[] = [];
  const entries = (list: string, part: string): Entry[] =>
    entriesOf(contents, { list, part, file, at, problems, values: listIn(plain, list) });
  const current = contents.get('current-context');
  const contexts = entries('contexts', 'context');
  return {
    file,
    found: contexts.length === 1 ? '1 context' : `${contexts.length} contexts`,
    ...(typeof current === 'string' && current !== '' && { current }),
    contexts,
    clusters: entries('clusters', 'cluster'),
    users: entries('users', 'user'),
    problems,
  };
}

interface Reading {
  readonly list: string;
  /** The key that holds what the entry is about. */
  readonly part: string;
  readonly file: string;
  readonly at: (offset: number) => { line: number; column: number };
  readonly problems: KubeconfigProblem[];
  /** The same items without their places. */
  readonly values: readonly unknown[];
}

function entriesOf(contents: YAMLMap, { list, part, file, at, problems, values }: Reading): Entry[] {
  const items = contents.get(list, true);
  if (!isSeq(items)) {
    const isNothing = items === undefined || (isScalar(items) && /^(null|~)?$/.test(String(items.value)));
    if (!isNothing) problems.push({ file, ...at(items.range?.[0] ?? 0), message: `${list} is no list` });
    return [];
  }
  const seen = new Map<string, number>();
  return items.items.flatMap((item, index) => {
    const place = at((item as { range?: [number, number, number] }).range?.[0] ?? 0);
    const wrong = (message: string): Entry[] => (problems.push({ file, ...place, message }), []);
    if (!isMap(item)) return wrong(`An entry of ${list} is no map`);
    const name = item.get('name');
    if (typeof name !== 'string' || name === '') return wrong(`An entry of ${list} has no name`);
    const before = seen.get(name);
    if (before !== undefined)
      return wrong(`There is a second ${part} ${name}: line ${before} has the first, which counts`);
    seen.set(name, place.line);
    const value = objectOf(objectOf(values[index])[part]);
    return [{ name, value, file, ...place }];
  });
}

function listIn(plain: unknown, list: string): readonly unknown[] {
  const found = objectOf(plain)[list];
  return Array.isArray(found) ? found : [];
}

/** The same where it is an object, else one without anything. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function empty(file: string): KubeconfigFile {
  return { file, found: '', contexts: [], clusters: [], users: [], problems: [] };
}

function broken(file: string, problem: KubeconfigProblem): KubeconfigFile {
  return { ...empty(file), found: 'cannot be read', problems: [problem] };
}
