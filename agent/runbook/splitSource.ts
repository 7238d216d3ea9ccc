import { parseBlocks, type Blocks } from './blocks';
import { shownText, type CellOrigin, type Place } from './cellOrigin';
import { hashText } from './cellKey';
import { findFences, type Container, type FoundFence } from './fences';
import { findFrontMatter, type FrontMatterBlock } from './frontMatter';
import { readFrontMatter } from './frontMatterValues';
import { editorFor, LanguageTable, type AddedLanguages } from './languages';
import { linksUsedIn } from './linkDefinitions';
import { Lines } from './lines';
import type { NotebookCell } from './notebookCell';
import { Containers } from './places';
import { addedLanguages } from './addedLanguages';

/** A Markdown text as notebook cells, and the languages it knows. */
export interface SplitSource {
  readonly cells: readonly NotebookCell[];
  readonly table: LanguageTable;
}

/** Cuts a text into front matter, text and code cells; joined, their origins are the text. */
export function splitSource(source: string, languages: AddedLanguages = {}): SplitSource {
  const block = findFrontMatter(source);
  const values =
    block && readFrontMatter(block, new Lines(source.slice(0, block.span.end))).frontMatter.values;
  const table = new LanguageTable({ ...languages, ...addedLanguages(values) });
  const bom = source.startsWith('\uFEFF') ? 1 : 0;
  const blocks = parseBlocks(source, block?.span.end ?? bom);
  const splitter = new Splitter(source, blocks);
  if (block) splitter.frontMatter(block);
  for (const fence of findFences(blocks, table)) if (fence.language) splitter.code(fence);
  return { cells: splitter.finish(), table };
}

interface Draft {
  readonly kind: NotebookCell['kind'];
  readonly languageId: string;
  readonly origin: Omit<CellOrigin, 'file' | 'at' | 'before' | 'language'>;
  readonly start: number;
  readonly end: number;
}

class Splitter {
  readonly #source: string;
  readonly #blocks: Blocks;
  readonly #containers: Containers;
  readonly #drafts: Draft[] = [];
  /** The line up to which everything is in a cell or a gap, and the containers that were open there. */
  #line = 0;
  #open: readonly Container[] = [];

  constructor(source: string, blocks: Blocks) {
    this.#source = source;
    this.#blocks = blocks;
    this.#containers = new Containers(blocks.lines);
  }

  frontMatter({ format, span, body }: FrontMatterBlock): void {
    this.#drafts.push({
      kind: 'code',
      languageId: format,
      origin: {
        open: this.#source.slice(span.start, body.start),
        body: this.#source.slice(body.start, body.end),
        close: this.#source.slice(body.end, span.end),
        skip: 0,
        role: 'front-matter',
      },
      start: span.start,
      end: span.end,
    });
  }

  code({ fence, info, language, containers }: FoundFence): void {
    this.#text(fence.line, containers);
    const { lines } = this.#blocks;
    const [start, body, close, end] = [fence.line, fence.line + 1, fence.contentEnd, fence.end].map(line =>
      lines.start(line),
    ) as [number, number, number, number];
    const entry = containers.filter(({ line }) => line < fence.line);
    this.#drafts.push({
      kind: 'code',
      languageId: editorFor(language, info.tag),
      origin: {
        open: this.#source.slice(start, body),
        body: this.#source.slice(body, close),
        close: this.#source.slice(close, end),
        fence: fence.markup,
        fenceAt: fence.offset,
        skip: uniform(fence.skips),
        ...(fence.pads ? { pads: fence.pads } : {}),
        ...this.#places(entry, containers),
      },
      start,
      end,
    });
    this.#line = fence.end;
    this.#open = containers;
  }

  finish(): NotebookCell[] {
    const { lines } = this.#blocks;
    this.#text(lines.count, []);
    const source = this.#source;
    // An empty notebook would be written as an empty file, so blank lines alone are a cell, too.
    if (this.#drafts.length === 0 && source !== '') this.#drafts.push(blank(source));
    const file = fingerprint(source);
    const bom = source.startsWith('\uFEFF');
    let end = bom ? 1 : 0;
    return this.#drafts.map((draft, at) => {
      const before = source.slice(end, draft.start);
      end = draft.end;
      const rest = at === this.#drafts.length - 1 ? { after: source.slice(end) } : {};
      return this.#cell(draft, {
        file,
        at,
        before,
        language: draft.languageId,
        ...draft.origin,
        ...rest,
        ...(bom ? { bom } : {}),
      });
    });
  }

  #cell({ kind, languageId }: Draft, origin: CellOrigin): NotebookCell {
    const text = shownText(origin);
    const links = kind === 'markup' ? linksUsedIn(text, this.#blocks.links) : undefined;
    return { kind, languageId, text, metadata: { origin, ...(links ? { linkDefinitions: links } : {}) } };
  }

  /** Makes a text cell of the lines up to the next fence, without the blank ones at its ends. */
  #text(until: number, next: readonly Container[]): void {
    let first = this.#line;
    let end = until;
    while (first < end && this.#isBlank(first)) first++;
    while (end > first && this.#isBlank(end - 1)) end--;
    if (first === end) return;
    const { lines } = this.#blocks;
    const entry = this.#open.filter(container => container.end > first);
    const kept = entry.filter(container => container.end > end - 1);
    const shared = next.filter(({ line }) => line < until);
    const { skip, pads } = this.#skips(first, end, entry);
    this.#drafts.push({
      kind: 'markup',
      languageId: 'markdown',
      origin: {
        open: '',
        body: this.#source.slice(lines.start(first), lines.start(end)),
        close: '',
        skip: uniform(skip),
        ...(pads.some(pad => pad > 0) ? { pads } : {}),
        ...this.#places(entry, shared.length > kept.length ? shared : kept),
      },
      start: lines.start(first),
      end: lines.start(end),
    });
  }

  #skips(first: number, end: number, entry: readonly Container[]): { skip: number[]; pads: number[] } {
    if (entry.length === 0) return { skip: [], pads: [] };
    const stripped = Array.from({ length: end - first }, (_, index) => {
      const line = first + index;
      const open = entry.filter(container => container.end > line);
      return this.#containers.strip(line, open);
    });
    return { skip: stripped.map(({ at }) => at), pads: stripped.map(({ pad }) => pad) };
  }

  #isBlank(line: number): boolean {
    const { lines } = this.#blocks;
    const open = this.#open.length > 0 ? this.#open.filter(container => container.end > line) : [];
    const from = open.length > 0 ? this.#containers.strip(line, open).at : 0;
    for (let at = lines.start(line) + from; at < lines.end(line); at++) {
      const unit = lines.text.charCodeAt(at);
      if (unit !== 32 && unit !== 9) return false;
    }
    return true;
  }

  #places(
    entry: readonly Container[],
    exit: readonly Container[],
  ): { entry?: readonly Place[]; exit?: readonly Place[] } {
    return {
      ...(entry.length > 0 ? { entry: this.#containers.places(entry) } : {}),
      ...(exit.length > 0 ? { exit: this.#containers.places(exit) } : {}),
    };
  }
}

function blank(source: string): Draft {
  const start = source.startsWith('\uFEFF') ? 1 : 0;
  const origin = { open: '', body: source.slice(start), close: '', skip: 0 };
  return { kind: 'markup', languageId: 'markdown', origin, start, end: source.length };
}

function uniform(skips: readonly number[]): number | readonly number[] {
  const [first = 0] = skips;
  return skips.every(skip => skip === first) ? first : skips;
}

/** Enough to tell two open files apart; a hash of 50 MB would cost as much as parsing them. */
function fingerprint(source: string): string {
  const ends = source.length > 8192 ? source.slice(0, 4096) + source.slice(-4096) : source;
  return `${source.length.toString(36)}.${hashText(ends)}`;
}
