import type { Token } from 'markdown-it';
import { plainText, type Blocks } from './blocks';
import type { Section } from './model';

/** The headings of a file, in order, each with what stands below it. Headings in quotes and lists count too. */
export function findSections({ lines, tokens }: Blocks): Section[] {
  const slugs = new Map<string, number>();
  const found: Open[] = [];
  const open: Open[] = [];
  tokens.forEach((token, index) => {
    if (token.type !== 'heading_open') return;
    const level = Number(token.tag.slice(1));
    const line = token.map?.[0] ?? 0;
    while (open.length > 0 && open[open.length - 1]!.level >= level) open.pop()!.end = lines.start(line);
    const title = titleOf(tokens[index + 1]);
    const section = {
      level,
      line,
      title,
      slug: uniqueSlug(title, slugs),
      path: pathOf(open, title),
      end: -1,
    };
    open.push(section);
    found.push(section);
  });
  return found.map(({ title, slug, level, path, line, end }) => {
    const start = lines.start(line);
    return {
      title,
      slug,
      level,
      path,
      line: line + 1,
      column: 1,
      span: { start, end: end < 0 ? lines.text.length : end },
    };
  });
}

/** A heading's anchor as GitHub makes it: lower case, blanks to hyphens, punctuation dropped. */
export function slugOf(title: string): string {
  return title
    .toLowerCase()
    .trim()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}

interface Open {
  readonly level: number;
  readonly line: number;
  readonly title: string;
  readonly slug: string;
  readonly path: readonly string[];
  end: number;
}

function titleOf(token: Token | undefined): string {
  return token?.type === 'inline' ? plainText(token.content) : '';
}

function pathOf(open: readonly Open[], title: string): readonly string[] {
  return [...open.map(section => section.title), title];
}

function uniqueSlug(title: string, slugs: Map<string, number>): string {
  const slug = slugOf(title);
  const seen = slugs.get(slug);
  slugs.set(slug, (seen ?? 0) + 1);
  if (seen === undefined) return slug;
  const next = `${slug}-${seen}`;
  return slugs.has(next) ? uniqueSlug(title, slugs) : (slugs.set(next, 1), next);
}
