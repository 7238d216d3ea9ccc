import { parseBlocks, type Blocks } from './blocks';
import { shownText, type CellOrigin, type Place } from './cellOrigin';
import { hashText } from './cellKey';
import { findFences, type Container, type FoundFence } from './fences';
import { findFrontMatter, type FrontMatterBlock } from './frontMatter';
import { readFrontMatter } from './frontMatterValues';
import { tagOf } from './infoString';
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
  const blocks = parseBlocks(source, block?.span.end ?? bom, { outline: false });
  const splitter = new Splitter(source, blocks);
  if (block) splitter.frontMatter(block);
  for (const fence of findFences(blocks, table)) if (fence.language) splitter.code(fence);
  return { cells: splitter.finish(), table };
}

/** What an origin has beside where it stands in the file. */
type Own = Omit<CellOrigin, 'file' | 'at' | 'before' | 'after' | 'bom' | 'language'>;

class Splitter {
  readonly #source: string;
  readonly #blocks: Blocks;
  readonly #containers: Containers;
  readonly #cells: NotebookCell[] = [];
  readonly #file: string;
  readonly #bom: boolean;
  /** Offset up to which everything is in a cell. */
  #end: number;
  /** The line up to which everything is in a cell or a gap, and the containers that were open there. */
  #line = 0;
  #open: readonly Container[] = [];

  constructor(source: string, blocks: Blocks) {
    this.#source = source;
    this.#blocks = blocks;
    this.#containers = new Containers(blocks.lines);
    this.#file = fingerprint(source);
    this.#bom = source.startsWith('\uFEFF');
    this.#end = this.#bom ? 1 : 0;
  }

  frontMatter({ format, span, body }: FrontMatterBlock): void {
    this.#push('code', format, span.start, span.end, {
      open: this.#source.slice(span.start, body.start),
      body: this.#source.slice(body.start, body.end),
      close: this.#source.slice(body.end, span.end),
      skip: 0,
      role: 'front-matter',
    });
  }

  code({ fence, info, language, containers }: FoundFence): void {
    this.#text(fence.line, containers);
    const { lines } = this.#blocks;
    const start = lines.start(fence.line);
    const body = lines.start(fence.line + 1);
    const close = lines.start(fence.contentEnd);
    const end = lines.start(fence.end);
    const entry = containers.length > 0 ? containers.filter(({ line }) => line < fence.line) : [];
    this.#push('code', editorFor(language, tagOf(info)), start, end, {
      open: this.#source.slice(start, body),
      body: this.#source.slice(body, close),
      close: this.#source.slice(close, end),
      fence: fence.markup,
      fenceAt: fence.offset,
      skip: uniform(fence.skips),
      ...(fence.pads ? { pads: fence.pads } : undefined),
      ...this.#places(entry, containers),
    });
    this.#line = fence.end;
    this.#open = containers;
  }

  finish(): NotebookCell[] {
    this.#text(this.#blocks.lines.count, []);
    const source = this.#source;
    // An empty notebook would be written as an empty file, so blank lines alone are a cell, too.
    if (this.#cells.length === 0 && source !== '') {
      const body = source.slice(this.#end);
      this.#push('markup', 'markdown', this.#end, source.length, { open: '', body, close: '', skip: 0 });
    }
    const last = this.#cells.pop();
    if (!last) return [];
    const origin = { ...(last.metadata?.origin as CellOrigin), after: source.slice(this.#end) };
    return [...this.#cells, { ...last, metadata: { ...last.metadata, origin } }];
  }

  #push(kind: NotebookCell['kind'], languageId: string, start: number, end: number, own: Own): void {
    const origin: CellOrigin = {
      file: this.#file,
      at: this.#cells.length,
      before: this.#source.slice(this.#end, start),
      language: languageId,
      ...own,
      ...(this.#bom ? { bom: true } : undefined),
    };
    const text = shownText(origin);
    const links = kind === 'markup' ? linksUsedIn(text, this.#blocks.links) : undefined;
    const metadata = links ? { origin, linkDefinitions: links } : { origin };
    this.#cells.push({ kind, languageId, text, metadata });
    this.#end = end;
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
    const start = lines.start(first);
    this.#push('markup', 'markdown', start, lines.start(end), {
      open: '',
      body: this.#source.slice(start, lines.start(end)),
      close: '',
      skip: uniform(skip),
      ...(pads.some(pad => pad > 0) ? { pads } : undefined),
      ...this.#places(entry, shared.length > kept.length ? shared : kept),
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
  ): { entry?: readonly Place[]; exit?: readonly Place[] } | undefined {
    if (entry.length === 0 && exit.length === 0) return undefined;
    return {
      ...(entry.length > 0 ? { entry: this.#containers.places(entry) } : {}),
      ...(exit.length > 0 ? { exit: this.#containers.places(exit) } : {}),
    };
  }
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
