import { equalLineEnds } from './lines';
import type { NotebookCell } from './notebookCell';

/** A list item or quote that a cell's lines stand in, with what a line needs to go on in it. */
export interface Place {
  readonly id: number;
  readonly prefix: string;
}

/**
 * What a cell was read from: its bytes, and what was shown of them. Kept in the cell's metadata, since saving knows
 * nothing but cells. Never changed while the notebook is open, so that undoing an edit gives the old bytes.
 */
export interface CellOrigin {
  /** Tells the files apart that cells were read from. */
  readonly file: string;
  /** Position among the file's cells, from 0. */
  readonly at: number;
  /** The blank lines between the cell before and this one. */
  readonly before: string;
  /** What is left of the file after its last cell; only there. */
  readonly after?: string;
  /** Opening and closing line of a code cell, whole; `''` for text, and `close` also where nothing closes it. */
  readonly open: string;
  readonly body: string;
  readonly close: string;
  /** The editor's language it was shown in. */
  readonly language: string;
  /** The fence's characters and where in `open` they stand. */
  readonly fence?: string;
  readonly fenceAt?: number;
  /** For each line of the body how much of it is not shown; one number where all are the same. */
  readonly skip: number | readonly number[];
  /** Spaces shown before a line because a tab was cut in two. */
  readonly pads?: readonly number[];
  /** What the first line stands in and what is still open after the last. */
  readonly entry?: readonly Place[];
  readonly exit?: readonly Place[];
  readonly role?: 'front-matter';
  /** The file begins with a byte order mark. */
  readonly bom?: true;
}

/** What a notebook cell's metadata holds of ours. */
export interface CellMetadata {
  readonly origin?: CellOrigin;
  /** The info string where it is not the origin's: attributes were changed, or the cell is a copy. */
  readonly info?: string;
  /** The origin is another cell's, too, which stands in its place. */
  readonly copied?: true;
}

/** Our part of a cell's metadata; what is missing or not as we write it counts as absent. */
export function metadataOf(cell: NotebookCell): CellMetadata {
  const { origin, info, copied } = cell.metadata ?? {};
  if (info === undefined && copied === undefined) return isOrigin(origin) ? { origin } : {};
  return {
    ...(isOrigin(origin) ? { origin } : {}),
    ...(typeof info === 'string' ? { info } : {}),
    ...(copied === true ? { copied } : {}),
  };
}

/** The info string a cell was read with. */
export function originInfo({ open, fence, fenceAt }: CellOrigin): string {
  return fence === undefined ? '' : open.slice((fenceAt ?? 0) + fence.length).replace(/[\r\n]+$/, '');
}

/** The text shown of an origin: no prefixes, lines joined by LF, bytes that are no UTF-8 as U+FFFD. */
export function shownText(origin: CellOrigin): string {
  const { body, skip } = origin;
  const text = skip === 0 && !body.includes('\r') ? withoutLastLf(body) : shownLines(origin).join('\n');
  return showable(text);
}

/** Whether a cell still has the text and the language that it was read with; line ends are an editor's affair. */
export function isAsShown(cell: NotebookCell, origin: CellOrigin): boolean {
  return cell.languageId === origin.language && equalLineEnds(cell.text) === shownText(origin);
}

/** The lines shown of an origin. */
export function shownLines({ body, skip, pads }: CellOrigin): string[] {
  return rawLines(body).map((line, index) => {
    const shown = line.replace(/[\r\n]+$/, '').slice(typeof skip === 'number' ? skip : (skip[index] ?? 0));
    return showable(' '.repeat(pads?.[index] ?? 0) + shown);
  });
}

/** The lines of a text with their line ends. */
export function rawLines(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n?|\n)|[^\r\n]+$/g) ?? [];
}

function withoutLastLf(text: string): string {
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

// Lone surrogates stand for bytes that are no UTF-8; an editor cannot show or keep them.
function showable(text: string): string {
  return /[\uD800-\uDFFF]/.test(text) ? text.replace(/[\uD800-\uDFFF]/gu, '\uFFFD') : text;
}

function isOrigin(value: unknown): value is CellOrigin {
  if (typeof value !== 'object' || value === null) return false;
  const origin = value as Record<string, unknown>;
  const strings = stringKeys.every(key => typeof origin[key] === 'string');
  const skip = typeof origin.skip === 'number' || Array.isArray(origin.skip);
  return strings && skip && typeof origin.at === 'number';
}

const stringKeys = ['file', 'before', 'open', 'body', 'close', 'language'] as const;
