import { originInfo, shownLines, shownText, type CellOrigin } from './cellOrigin';
import { parseInfo } from './infoString';
import { hasPrompt } from './consoleCell';
import { consoleTags, editorFor, tagForEditor, type LanguageTable } from './languages';
import { equalLineEnds } from './lines';
import type { PlacedCell } from './placeCells';
import { prefixed, renderLines } from './renderText';
import type { FileStyle } from './writeCells';
import { writeTag } from './writeInfo';

/** The lines of a code cell as they stand in the file, fences included. */
export function renderCode(
  placed: PlacedCell,
  next: PlacedCell | undefined,
  like: PlacedCell | undefined,
  style: FileStyle,
): string {
  const { origin, samePlace } = placed;
  if (placed.style?.role === 'front-matter' && isFrontMatter(placed.cell.languageId))
    return renderFrontMatter(placed, placed.style, style);
  const info = infoOf(placed, like, style.table);
  const text = equalLineEnds(placed.cell.text);
  const fence = fenceFor(placed.style?.fence ?? like?.style?.fence ?? '```', info, text);
  if (!origin || !samePlace || origin.fence === undefined)
    return renderAnew(placed, info, fence, text, style.eol);

  const sameFence = fence === origin.fence;
  const sameInfo = info === originInfo(origin);
  const at = origin.fenceAt ?? 0;
  const eol = /(\r\n?|\n)$/.exec(origin.open)?.[0] ?? style.eol;
  const open = sameFence && sameInfo ? origin.open : origin.open.slice(0, at) + fence + info + eol;
  const now = text === '' ? [] : text.split('\n');
  const body =
    text === shownText(origin)
      ? origin.body
      : renderLines(origin.body, shownLines(origin), now, contentPrefix(origin), eol);
  // Nothing closes the last fence of some files; a cell that now follows must not fall into it.
  const open_ =
    origin.close === '' && (next === undefined ? body === origin.body || text !== '' : next.follows);
  const close = open_
    ? ''
    : sameFence && origin.close !== ''
      ? origin.close
      : closingLine(origin, fence, eol);
  return ended(open, eol, body + close) + ended(body, eol, close) + close;
}

/** The info string a cell is written with: its own, with the tag of the language that the editor shows. */
export function infoOf(
  placed: Pick<PlacedCell, 'cell' | 'style' | 'info'>,
  like: PlacedCell | undefined,
  table: LanguageTable,
): string {
  const { languageId } = placed.cell;
  const known =
    placed.info ??
    (placed.style?.fence === undefined ? undefined : originInfo(placed.style)) ??
    siblingTag(languageId, like);
  const { tag } = parseInfo(known);
  const own = tagForEditor(languageId);
  if (tag === '') return own + (known.trim() && ` ${known.trim()}`);
  // A session from which a person took the prompts is a script: as a session nothing of it would run.
  const isScript =
    consoleTags.has(tag.toLowerCase()) && !hasPrompt(equalLineEnds(placed.cell.text).split('\n'));
  return editorFor(table.find(tag), tag) === languageId && !isScript ? known : writeTag(known, own);
}

/** The tag of a neighbour in the same language: some write `sh`, some `bash`. */
function siblingTag(languageId: string, like: PlacedCell | undefined): string {
  const same = like?.cell.languageId === languageId && like.style;
  return same ? parseInfo(originInfo(like.style)).tag : tagForEditor(languageId);
}

function renderAnew(placed: PlacedCell, info: string, fence: string, text: string, eol: string): string {
  const prefix = placed.places.map(place => place.prefix).join('');
  const lines = text === '' ? [] : text.split('\n');
  return [fence + info.replace(/[\r\n]/g, ' '), ...lines, fence]
    .map(line => prefixed(prefix, line) + eol)
    .join('');
}

/** The fence, made longer or of the other kind where text or info would end or break it. */
function fenceFor(fence: string, info: string, text: string): string {
  const char = fence.startsWith('`') && info.includes('`') ? '~' : fence[0]!;
  let longest = 0;
  const closing = char === '`' ? /^ {0,3}(`{3,})[ \t]*$/gm : /^ {0,3}(~{3,})[ \t]*$/gm;
  for (const [, run = ''] of text.matchAll(closing)) longest = Math.max(longest, run.length);
  return char.repeat(Math.max(fence.length, longest + 1, 3));
}

/** What a new line of content has before it: as the opening fence, with list markers as blanks. */
function contentPrefix({ open, fenceAt }: CellOrigin): string {
  return open.slice(0, fenceAt ?? 0).replace(/[^\s>]/g, ' ');
}

function closingLine(origin: CellOrigin, fence: string, eol: string): string {
  if (origin.close === '') return contentPrefix(origin) + fence + eol;
  return origin.close.replace(/[`~]{3,}(?=[ \t]*[\r\n]*$)/, fence);
}

/** A part of a cell, with the line end it lacks if something comes after it. */
function ended(part: string, eol: string, after: string): string {
  return part === '' || after === '' || /[\r\n]$/.test(part) ? part : part + eol;
}

const frontMatterFences: Readonly<Record<string, string>> = { yaml: '---', toml: '+++', json: '' };

function isFrontMatter(languageId: string): boolean {
  return Object.hasOwn(frontMatterFences, languageId);
}

function renderFrontMatter({ cell }: PlacedCell, origin: CellOrigin, { eol }: FileStyle): string {
  const text = equalLineEnds(cell.text);
  const now = text === '' ? [] : text.split('\n');
  const body =
    text === shownText(origin) ? origin.body : renderLines(origin.body, shownLines(origin), now, '', eol);
  const fence = frontMatterFences[cell.languageId]!;
  const same = fence === origin.open.trim();
  if (same) return ended(origin.open, eol, body) + ended(body, eol, origin.close) + origin.close;
  const line = fence === '' ? '' : fence + eol;
  return line + ended(body, eol, 'x') + line;
}
