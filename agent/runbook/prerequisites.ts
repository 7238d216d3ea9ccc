import MarkdownIt, { type Token } from 'markdown-it';
import { Lines, positionAt } from './lines';
import type { Position, Runbook, Section } from './model';
import { decodePercent } from './percent';

/** A runbook that should have been run before. */
export interface Prerequisite extends Position {
  /** As written (decoded), relative to the runbook. */
  readonly file: string;
  /** The section or cell after `#`, if the link has one. */
  readonly fragment?: string;
  /** The link's text. */
  readonly text: string;
  /** Of the link in the source. */
  readonly offset: number;
}

/** The links to other Markdown files below headings called *Prerequisites*, in order, each file and place once. */
export function prerequisites({ source, sections, frontMatter }: Runbook): Prerequisite[] {
  const wanted = sections.filter(({ title }) => /^\P{L}*prerequisites?\P{L}*$/iu.test(title));
  if (wanted.length === 0) return [];
  // The whole file: a link's target may be defined at its end. Front matter is blanked, so that lines stay the same.
  const end = frontMatter?.span.end ?? 0;
  const text = source.slice(0, end).replaceAll(/[^\r\n]/g, '') + source.slice(end);
  const lines = new Lines(source);
  // The cells of a table have no lines of their own: those of the row count.
  let block: readonly [number, number] = [0, 0];
  const found = new MarkdownIt({ html: true }).parse(text, {}).flatMap(token => {
    block = token.map ?? block;
    return token.type === 'inline' ? linksIn(token, block, lines, wanted) : [];
  });
  return found.filter(
    (one, at) =>
      found.findIndex(({ file, fragment }) => file === one.file && fragment === one.fragment) === at,
  );
}

function linksIn(
  inline: Token,
  [first, next]: readonly [number, number],
  lines: Lines,
  sections: readonly Section[],
): Prerequisite[] {
  const block = { start: lines.start(first), end: lines.start(next) };
  const inside = sections.some(({ span }) => span.start <= block.start && block.start < span.end);
  if (!inside) return [];
  const links: Prerequisite[] = [];
  let from = block.start;
  inline.children?.forEach((token, at, tokens) => {
    const target = token.type === 'link_open' ? targetOf(String(token.attrGet('href') ?? '')) : undefined;
    if (!target) return;
    const text = textUntilClose(tokens, at + 1);
    const start = lines.text.indexOf(`[${text.slice(0, 20)}`, from);
    const offset = start < 0 || start >= block.end ? from : start;
    from = start < 0 ? from : start + 1;
    links.push({ ...target, text, offset, ...positionAt(lines, offset) });
  });
  return links;
}

/** A relative link to a Markdown file. */
function targetOf(href: string): { file: string; fragment?: string } | undefined {
  const [path = '', fragment] = href.split(/#(.*)/s);
  const file = decodePercent(path.replace(/\?.*$/s, ''));
  if (!file || /^([a-z][a-z0-9+.-]*:|[/\\])/i.test(file) || !/\.md$/i.test(file)) return undefined;
  const name = fragment ? decodePercent(fragment) : undefined;
  return { file, ...(name === undefined ? {} : { fragment: name }) };
}

function textUntilClose(tokens: readonly Token[], from: number): string {
  const close = tokens.findIndex((token, at) => at >= from && token.type === 'link_close');
  return tokens
    .slice(from, close)
    .map(({ content }) => content)
    .join('')
    .trim();
}
