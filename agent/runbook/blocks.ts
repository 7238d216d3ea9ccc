import type { Token } from 'markdown-it';
import { blockParser, type Wanted } from './blockParser';
import type { Fence, FenceEnv } from './fenceRule';
import { Lines } from './lines';

/** Where a link that is written `[text][label]` leads. */
export interface LinkDefinition {
  readonly href: string;
  readonly title: string;
}

/** A Markdown text as blocks. Lines of tokens and fences count from 0 at the first line after `from`. */
export interface Blocks {
  readonly lines: Lines;
  /** Those that {@link blockParser} keeps. */
  readonly tokens: readonly Token[];
  /** By label in markdown-it's normal form. */
  readonly links: Readonly<Record<string, LinkDefinition>>;
}

/**
 * Finds the blocks of a Markdown text from an offset on. Inline text is not parsed: fences need none of it.
 */
export function parseBlocks(source: string, from = 0, wanted: Wanted = { outline: true }): Blocks {
  const lines = new Lines(source, from);
  const text = asMarkdownItHasIt(source, from);
  const env: FenceEnv = { lineStarts: lineStartsOf(text, lines, from), ...wanted };
  const tokens: Token[] = [];
  blockParser.block.parse(text, blockParser, env, tokens);
  return { lines, tokens, links: env.references ?? {} };
}

/** The fence that a token of type `fence` stands for. */
export function fenceOf(token: Token): Fence {
  return (token.meta as unknown as { fence: Fence }).fence;
}

/** What stands after the opening fence's characters, to the end of its line, untrimmed. */
export function infoOf(lines: Lines, fence: Fence): string {
  return lines.text.slice(
    lines.start(fence.line) + fence.offset + fence.markup.length,
    lines.end(fence.line),
  );
}

/** A line of a fence's content without its containers' prefixes. `index` counts from 0 within the content. */
export function contentLine(lines: Lines, fence: Fence, index: number): string {
  const line = fence.line + 1 + index;
  const text = lines.text.slice(lines.start(line) + (fence.skips[index] ?? 0), lines.end(line));
  const pad = fence.pads?.[index] ?? 0;
  return pad > 0 ? ' '.repeat(pad) + text : text;
}

/** All content lines of a fence. */
export function contentLines(lines: Lines, fence: Fence): string[] {
  return fence.skips.map((_, index) => contentLine(lines, fence, index));
}

/** The inline text of a heading or item as plain text: no emphasis, no link targets, no tags. */
export function plainText(markdownText: string): string {
  if (!/[\\`*_[\]<&!~]/.test(markdownText)) return markdownText.trim();
  const tokens: Token[] = [];
  blockParser.inline.parse(markdownText, blockParser, {}, tokens);
  return tokens.map(textOf).join('').trim();
}

function textOf(token: Token): string {
  if (token.type === 'softbreak' || token.type === 'hardbreak') return ' ';
  if (token.type === 'html_inline') return '';
  return token.children ? token.children.map(textOf).join('') : token.content;
}

// As markdown-it's own `normalize` rule has it, which is skipped with the rest of its core.
function asMarkdownItHasIt(source: string, from: number): string {
  const text = from > 0 ? source.slice(from) : source;
  const lf = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return lf.includes('\0') ? lf.replaceAll('\0', '\uFFFD') : lf;
}

function lineStartsOf(text: string, lines: Lines, from: number): readonly number[] {
  if (from === 0 && text.length === lines.text.length) return lines.starts;
  let shift = from;
  return lines.starts.map((start, line) => {
    if (line > 0) shift += start - lines.end(line - 1) - 1;
    return start - shift;
  });
}
