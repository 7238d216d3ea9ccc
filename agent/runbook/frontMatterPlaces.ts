import { findNodeAtLocation, parseTree, type Node as JsonNode } from 'jsonc-parser';
import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Node as YamlNode } from 'yaml';
import { findFrontMatter } from './frontMatter';
import { Lines, positionAt } from './lines';
import type { Diagnostic, Position, Span } from './model';
import { tomlPlaces } from './tomlPlaces';

/** Keys and list indexes from the top of the front matter. */
export type KeyPath = readonly (string | number)[];

/** Where in a file the keys and values of its front matter stand. Where one cannot be told, it is the one around it. */
export class FrontMatterPlaces {
  readonly #source: string;
  readonly #find: Finder;
  readonly #base: number;
  #lines: Lines | undefined;

  constructor(source: string) {
    const block = findFrontMatter(source);
    const body = block?.body ?? { start: 0, end: 0 };
    this.#source = source;
    this.#base = body.start;
    this.#find = finders[block?.format ?? 'yaml'](source.slice(body.start, body.end));
  }

  key(path: KeyPath): Position {
    return this.#positionOf(this.#place(path).key);
  }

  /** The text of a plain scalar as written: `1.10`, where the parsed value is 1.1. */
  written(path: KeyPath): string | undefined {
    const found = this.#find(path);
    return found?.plain && found.value
      ? this.#source.slice(this.#base + found.value.start, this.#base + found.value.end)
      : undefined;
  }

  /** Something wrong with a key (or with its value). It keeps those cells from running that need it. */
  error(path: KeyPath, what: { code: string; message: string; hint?: string; at?: 'value' }): Diagnostic {
    const place = this.#place(path);
    const span = what.at === 'value' ? (place.value ?? place.key) : place.key;
    return {
      severity: 'error',
      code: what.code,
      message: what.message,
      ...(what.hint === undefined ? {} : { hint: what.hint }),
      ...this.#positionOf(span),
      span: { start: this.#base + span.start, end: this.#base + span.end },
    };
  }

  #place(path: KeyPath): Place {
    for (let length = path.length; length > 0; length--) {
      const found = this.#find(path.slice(0, length));
      if (found) return found;
    }
    return { key: { start: 0, end: 0 } };
  }

  #positionOf({ start }: Span): Position {
    this.#lines ??= new Lines(this.#source);
    return positionAt(this.#lines, this.#base + start);
  }
}

/** Offsets within the front matter's body. */
export interface Place {
  readonly key: Span;
  readonly value?: Span;
  /** Whether the value is written without quotes, on one line. */
  readonly plain?: boolean;
}

type Finder = (path: KeyPath) => Place | undefined;

const finders: Readonly<Record<'yaml' | 'toml' | 'json', (body: string) => Finder>> = {
  yaml: body => {
    const document = parseDocument(body, { merge: true, uniqueKeys: false, logLevel: 'error' });
    return path => yamlPlace(document, path);
  },
  json: body => {
    const root = parseTree(body, [], { allowTrailingComma: true });
    return path => root && jsonPlace(root, path);
  },
  toml: tomlPlaces,
};

function yamlPlace(document: Document.Parsed, path: KeyPath): Place | undefined {
  let node: unknown = document.contents;
  let key: YamlNode | undefined;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(item => isScalar(item.key) && String(item.key.value) === String(step));
      if (!pair) return undefined;
      key = pair.key as YamlNode;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      key = node as YamlNode;
    } else return undefined;
  }
  const keySpan = spanOf(key);
  if (!keySpan) return undefined;
  const value = spanOf(node);
  return { key: keySpan, ...(value ? { value } : {}), plain: isScalar(node) && node.type === 'PLAIN' };
}

function spanOf(node: unknown): Span | undefined {
  const range = (node as YamlNode | undefined)?.range;
  return range ? { start: range[0], end: range[1] } : undefined;
}

function jsonPlace(root: JsonNode, path: KeyPath): Place | undefined {
  const node = findNodeAtLocation(root, [...path]);
  if (!node) return undefined;
  const key = node.parent?.type === 'property' ? node.parent.children![0]! : node;
  const plain = node.type === 'number' || node.type === 'boolean';
  return { key: jsonSpan(key), value: jsonSpan(node), plain };
}

function jsonSpan({ offset, length }: JsonNode): Span {
  return { start: offset, end: offset + length };
}
