import { addedLanguages } from './addedLanguages';
import { attributesOf, infoDiagnostics } from './attributes';
import { contentLines, parseBlocks, type Blocks } from './blocks';
import { nameCells } from './cellNames';
import { cellOptions } from './cellOptions';
import { findChecklist } from './checklist';
import { expectedIn } from './expected';
import { findFences, type FoundFence } from './fences';
import type { Fence } from './fenceRule';
import { findFrontMatter } from './frontMatter';
import { readFrontMatter } from './frontMatterValues';
import { parseInfo, type InfoString } from './infoString';
import { consoleTags, LanguageTable, type AddedLanguages, type Language } from './languages';
import { Lines, positionAt } from './lines';
import type { Cell, ExpectedOutput, Position, Runbook, Section } from './model';
import { expressionDiagnostics } from './expressionDiagnostics';
import { nameDiagnostics } from './nameDiagnostics';
import { invalidBytes, mistyped, unclosed, unknownLanguage } from './oversights';
import { findSections } from './sections';
import { readTranscript, type Transcript } from './consoleCell';

/** What is known from outside the file. */
export interface ParseOptions {
  /** Languages that settings add; front matter's `languages` come on top. */
  readonly languages?: AddedLanguages;
}

/** Understands a Markdown text as a runbook. Never throws: what is wrong is among the diagnostics. */
export function parseRunbook(source: string, options: ParseOptions = {}): Runbook {
  const lines = new Lines(source);
  const block = findFrontMatter(source);
  const front = block && readFrontMatter(block, lines);
  const frontMatter = front?.frontMatter;
  const table = new LanguageTable({ ...options.languages, ...addedLanguages(frontMatter?.values) });
  const body = parseBlocks(source, block?.span.end ?? (source.startsWith('\uFEFF') ? 1 : 0));
  const firstLine = lines.lineOf(body.lines.start(0));
  const sections = findSections(body);
  const fences = findFences(body, table);
  const found = findCells(body, fences);
  const position = (offset: number): Position => positionAt(lines, offset);
  const cells = buildCells(body, found, sections, firstLine);
  const title = frontMatter?.values.title;
  return {
    source,
    title: typeof title === 'string' ? title : sections.find(({ level }) => level === 1)?.title,
    frontMatter,
    sections: sections.map(section => ({ ...section, line: section.line + firstLine })),
    cells,
    checklist: findChecklist(body).map(item => ({ ...item, line: item.line + firstLine })),
    diagnostics: [
      ...invalidBytes(source, position),
      ...(front?.diagnostics ?? []),
      ...fences.flatMap(fence => unknownLanguage(fence, infoStart(body, fence.fence), position)),
      ...found.flatMap((fence, index) => unclosed(fence, cells[index]!, position)),
      ...cells.flatMap(mistyped),
      ...found.flatMap(({ fence, info }, index) =>
        infoDiagnostics(info, infoStart(body, fence), cells[index]!.name, position),
      ),
      ...nameDiagnostics(cells, frontMatter),
      ...expressionDiagnostics(cells, frontMatter, source),
      ...cells.flatMap(cell => (hasOptions(cell) ? cellOptions(cell, frontMatter).diagnostics : [])),
    ],
  };
}

interface Found {
  readonly fence: Fence;
  readonly containers: FoundFence['containers'];
  readonly info: InfoString;
  readonly language: Language;
  readonly content: readonly string[];
  readonly transcript: Transcript | undefined;
  expected?: ExpectedOutput;
}

/** The fences that run, and the outputs that stand after them. */
function findCells(blocks: Blocks, fences: readonly FoundFence[]): Found[] {
  const found: Found[] = [];
  for (const fence of fences) {
    if (fence.language) found.push(cellIn(blocks, { ...fence, language: fence.language }));
    else expect(found.at(-1), blocks, fence);
  }
  return found;
}

function cellIn(
  blocks: Blocks,
  { fence, info, language, containers }: FoundFence & { language: Language },
): Found {
  const content = contentLines(blocks.lines, fence);
  const parsed = parseInfo(info);
  const kind = consoleTags.has(parsed.tag.toLowerCase()) ? 'console' : 'shell';
  const transcript = language.kind === 'shell' ? readTranscript(content, kind) : undefined;
  const expected = transcribed(transcript, fence);
  return { fence, containers, info: parsed, language, content, transcript, ...expected };
}

function transcribed(transcript: Transcript | undefined, fence: Fence): { expected?: ExpectedOutput } {
  if (!transcript || transcript.output === '') return {};
  const line = fence.line + 2 + transcript.outputLine;
  return { expected: { text: transcript.output, line, compare: { by: 'text' } } };
}

/** Only a fence right after its cell, or after a comment that asks for it, shows what the cell prints. */
function expect(cell: Found | undefined, blocks: Blocks, { fence, comparison }: FoundFence): void {
  const expected = expectedIn(blocks, fence, comparison);
  if (!cell || !expected) return;
  if (!comparison && !isBlank(blocks.lines, cell.fence.end, fence.line)) return;
  cell.expected = expected;
}

function isBlank(lines: Lines, from: number, to: number): boolean {
  for (let line = from; line < to; line++) if (/[^\s>]/.test(lines.at(line))) return false;
  return true;
}

function buildCells(
  blocks: Blocks,
  found: readonly Found[],
  sections: readonly Section[],
  firstLine: number,
): Cell[] {
  const drafts = found.map(cell => ({
    ...cell,
    text: textOf(cell),
    attributes: attributesOf(cell.info, infoStart(blocks, cell.fence)),
  }));
  const paths = sectionPaths(blocks, found, sections);
  const names = nameCells(
    drafts.map(({ attributes, text, language }, index) => {
      const given = attributes.find(({ key }) => key === 'name')?.value;
      return {
        given: given === true || given === '' ? undefined : given,
        section: paths[index]!,
        text,
        comment: language.comment,
      };
    }),
  );
  return drafts.map(({ fence, info, language, text, attributes, transcript, expected }, index) => ({
    index,
    ...names[index]!,
    language: language.id,
    tag: info.tag,
    text,
    form: transcript ? 'console' : 'plain',
    attributes,
    section: paths[index]!,
    line: fence.line + firstLine + 1,
    column: fence.offset + 1,
    span: spanOf(blocks.lines, fence),
    contentLine: fence.line + firstLine + 2,
    ...(expected ? { expected: { ...expected, line: expected.line + firstLine } } : {}),
  }));
}

function textOf({ content, transcript }: Found): string {
  return transcript?.commands ?? content.map(line => `${line}\n`).join('');
}

function infoStart(blocks: Blocks, fence: Fence): number {
  return blocks.lines.start(fence.line) + fence.offset + fence.markup.length;
}

function spanOf(lines: Lines, fence: Fence): { start: number; end: number } {
  return { start: lines.start(fence.line) + fence.offset, end: lines.end(fence.end - 1) };
}

/** For each cell the titles above it. Both lists are in order, so one walk does. */
function sectionPaths(
  blocks: Blocks,
  found: readonly Found[],
  sections: readonly Section[],
): (readonly string[])[] {
  let next = 0;
  let path: readonly string[] = [];
  return found.map(({ fence }) => {
    const start = blocks.lines.start(fence.line);
    while (next < sections.length && sections[next]!.span.start <= start) path = sections[next++]!.path;
    return path;
  });
}

function hasOptions(cell: Cell): boolean {
  return cell.attributes.length > 0;
}
