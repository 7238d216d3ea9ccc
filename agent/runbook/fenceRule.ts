import type { Env, StateBlock } from 'markdown-it';

/** A fenced block as it lies in the file. Lines count from 0 at the first line of the parsed text. */
export interface Fence {
  /** Line of the opening fence. */
  readonly line: number;
  /** Line after the last line of content. */
  readonly contentEnd: number;
  /** Line after the block, its closing fence included. */
  readonly end: number;
  /** The fence's characters: "```", `~~~~`. */
  readonly markup: string;
  /** Offset of the opening fence within its line: what is before it belongs to containers or is indentation. */
  readonly offset: number;
  /** For each line of content the offset where it begins, after containers and indentation. */
  readonly skips: readonly number[];
  /** Spaces to put before a line of content because a tab was cut in two; absent where there are none. */
  readonly pads?: readonly number[];
}

/** What the rule leaves in markdown-it's environment. */
export interface FenceEnv extends Env {
  /** Offsets of line starts in the text as markdown-it has it (every line end one LF). */
  lineStarts: readonly number[];
}

/**
 * Markdown-it's rule for fenced code (https://spec.commonmark.org/0.31.2/#fenced-code-blocks), which notes where
 * each line's content begins, since tokens give lines only. The fence is the token's `meta.fence`.
 */
export function fenceRule(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const start = state.bMarks[startLine]! + state.tShift[startLine]!;
  if (state.sCount[startLine]! - state.blkIndent >= 4) return false;
  const marker = state.src.charCodeAt(start);
  if (marker !== backtick && marker !== tilde) return false;
  const end = state.skipChars(start, marker);
  if (end - start < 3) return false;
  if (marker === backtick && state.src.slice(end, state.eMarks[startLine]).includes('`')) return false;
  if (silent) return true;

  const contentEnd = findEnd(state, startLine, endLine, marker, end - start);
  const closed = contentEnd < endLine && isClosing(state, contentEnd, marker, end - start);
  state.line = contentEnd + (closed ? 1 : 0);
  const token = state.push('fence', 'code', 0);
  token.markup = state.src.slice(start, end);
  token.map = [startLine, state.line];
  token.meta = { fence: record(state, startLine, contentEnd, token.markup, start) };
  return true;
}

const backtick = 0x60;
const tilde = 0x7e;
const tab = 9;
const space = 32;

function findEnd(
  state: StateBlock,
  startLine: number,
  endLine: number,
  marker: number,
  length: number,
): number {
  for (let line = startLine + 1; line < endLine; line++) {
    const at = state.bMarks[line]! + state.tShift[line]!;
    // A line with less indentation than its list item ends the item, and the block with it.
    if (at < state.eMarks[line]! && state.sCount[line]! < state.blkIndent) return line;
    if (isClosing(state, line, marker, length)) return line;
  }
  return endLine;
}

function isClosing(state: StateBlock, line: number, marker: number, length: number): boolean {
  const at = state.bMarks[line]! + state.tShift[line]!;
  if (state.src.charCodeAt(at) !== marker || state.sCount[line]! - state.blkIndent >= 4) return false;
  if (state.sCount[line]! < state.blkIndent) return false;
  const end = state.skipChars(at, marker);
  return end - at >= length && state.skipSpaces(end) >= state.eMarks[line]!;
}

function record(state: StateBlock, line: number, contentEnd: number, markup: string, start: number): Fence {
  const { lineStarts } = state.env as FenceEnv;
  const skips: number[] = [];
  let pads: number[] | undefined;
  for (let at = line + 1; at < contentEnd; at++) {
    const { first, pad } = contentStart(state, at, state.sCount[line]!);
    skips.push(first - lineStarts[at]!);
    if (pad > 0) (pads ??= []).length = skips.length;
    if (pads) pads[skips.length - 1] = pad;
  }
  const offset = start - lineStarts[line]!;
  return {
    line,
    contentEnd,
    end: state.line,
    markup,
    offset,
    skips,
    ...(pads ? { pads: Array.from(skips, (_, at) => pads[at] ?? 0) } : {}),
  };
}

/** Where a line begins after up to `indent` columns of white space, and the columns of a tab that reach beyond. */
function contentStart(state: StateBlock, line: number, indent: number): { first: number; pad: number } {
  let first = state.bMarks[line]!;
  const last = state.eMarks[line]!;
  const shifted = first + state.tShift[line]!;
  let column = 0;
  while (first < last && column < indent) {
    const unit = state.src.charCodeAt(first);
    if (unit === tab) column += 4 - ((column + state.bsCount[line]!) % 4);
    else if (unit === space || first < shifted) column++;
    else break;
    first++;
  }
  return { first, pad: Math.max(0, column - indent) };
}
