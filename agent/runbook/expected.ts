import { contentLines, infoOf, type Blocks } from './blocks';
import type { Fence } from './fenceRule';
import type { ExpectedOutput } from './model';

/** How a comment before a fence says its text is to be compared: `<!-- expected_similarity=0.8 -->`. */
export function comparisonIn(html: string): ExpectedOutput['compare'] | undefined {
  const written = /<!--\s*expected_similarity\s*=\s*("(?:[^"\\]|\\.)*"|[\d.]+)\s*-->/.exec(html)?.[1];
  if (written === undefined) return undefined;
  if (written.startsWith('"')) return { by: 'regex', pattern: written.slice(1, -1).replaceAll('\\"', '"') };
  const atLeast = Number(written);
  return atLeast >= 0 && atLeast <= 1 ? { by: 'similarity', atLeast } : undefined;
}

/**
 * The expected output that a fence shows for the cell before it: one whose info is `output`, or any one after a
 * comment that says how to compare. JSON is compared as JSON, whatever the comment says of similarity.
 */
export function expectedIn(
  blocks: Blocks,
  fence: Fence,
  comparison: ExpectedOutput['compare'] | undefined,
): ExpectedOutput | undefined {
  const words = infoOf(blocks.lines, fence).trim().toLowerCase();
  const isOutput = /^output\b/.test(words);
  if (!isOutput && !comparison) return undefined;
  const isJson = /(^|[^a-z])json\b/.test(words) && comparison?.by !== 'regex';
  const text = contentLines(blocks.lines, fence)
    .map(line => `${line}\n`)
    .join('');
  return { text, line: fence.line + 2, compare: isJson ? { by: 'json' } : (comparison ?? { by: 'text' }) };
}
