import { contentLines, fenceOf, infoOf, type Blocks } from './blocks';
import { comparisonIn } from './expected';
import type { Fence } from './fenceRule';
import type { Language, LanguageTable } from './languages';
import type { ExpectedOutput } from './model';
import { runnableLanguage } from './runnable';

/** A list item or quote around a fence. Lines count as in {@link Fence}. */
export interface Container {
  /** Which one it is among all of the file, from 0. */
  readonly id: number;
  readonly kind: 'item' | 'quote';
  /** Line of its marker. */
  readonly line: number;
  /** Line after its last. */
  readonly end: number;
}

/** A fenced block with all that decides what it is. */
export interface FoundFence {
  readonly fence: Fence;
  readonly info: string;
  /** What it runs in; absent where it is text. */
  readonly language: Language | undefined;
  /** How a comment before it says that it is to be compared; such a fence is expected output, never a cell. */
  readonly comparison: ExpectedOutput['compare'] | undefined;
  /** What it stands in, outermost first. */
  readonly containers: readonly Container[];
}

/** The fenced blocks of a file in order. */
export function findFences(blocks: Blocks, table: LanguageTable): FoundFence[] {
  const found: FoundFence[] = [];
  let containers: readonly Container[] = [];
  let comparison: ExpectedOutput['compare'] | undefined;
  let id = 0;
  for (const token of blocks.tokens) {
    switch (token.type) {
      case 'list_item_open':
      case 'blockquote_open': {
        const [line, end] = token.map ?? [0, 0];
        const kind = token.type === 'list_item_open' ? 'item' : 'quote';
        containers = [...containers, { id: id++, kind, line, end }];
        break;
      }
      case 'list_item_close':
      case 'blockquote_close':
        containers = containers.slice(0, -1);
        break;
      case 'html_block':
        comparison = comparisonIn(token.content) ?? comparison;
        break;
      case 'fence': {
        const fence = fenceOf(token);
        const info = infoOf(blocks.lines, fence);
        const language = comparison
          ? undefined
          : runnableLanguage(info, table, () => contentLines(blocks.lines, fence));
        found.push({ fence, info, language, comparison, containers });
        comparison = undefined;
        break;
      }
    }
  }
  return found;
}
