import { parseDocument } from 'yaml';
import { findFrontMatter, isTooLong, type FrontMatterBlock } from './frontMatter';
import { jsonPlaces } from './jsonPlaces';
import { Lines, positionAt } from './lines';
import type { Diagnostic, Position, Span } from './model';
import { tomlPlaces } from './tomlPlaces';
import { yamlPlaces } from './yamlPlaces';

/** Keys and list indexes from the top of the front matter. */
export type KeyPath = readonly (string | number)[];

/**
 * Where in a file the keys and values of its front matter stand. Where one cannot be told, it is the one around it. The
 * front matter is read when the first place is asked for.
 */
export class FrontMatterPlaces {
  readonly #source: string;
  readonly #block: FrontMatterBlock | undefined;
  readonly #base: number;
  #finder: Finder | undefined;
  #lines: Lines | undefined;

  constructor(source: string) {
    this.#source = source;
    this.#block = findFrontMatter(source);
    this.#base = this.#block?.body.start ?? 0;
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

  #find(path: KeyPath): Place | undefined {
    this.#finder ??= finderOf(this.#source, this.#block);
    return this.#finder(path);
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

/** What is too long is not read by anybody: its keys have no places. */
function finderOf(source: string, block: FrontMatterBlock | undefined): Finder {
  if (block === undefined || isTooLong(block)) return () => undefined;
  return finders[block.format](source.slice(block.body.start, block.body.end));
}

const finders: Readonly<Record<'yaml' | 'toml' | 'json', (body: string) => Finder>> = {
  yaml: body => yamlPlaces(parseDocument(body, { merge: true, uniqueKeys: false, logLevel: 'error' })),
  json: jsonPlaces,
  toml: tomlPlaces,
};
