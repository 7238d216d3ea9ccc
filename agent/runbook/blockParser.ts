import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import { fenceRule } from './fenceRule';

/**
 * Markdown-it as Handrail finds blocks with it. Raw HTML is on, otherwise a fence inside a comment would be a cell.
 * Of its tokens only those are kept that say something about fences, lists and quotes, and where the outline is wanted
 * headings and the first text of a list item; making the others took most of the time of reading a large file.
 */
export const blockParser = new MarkdownIt({ html: true });

/** What a text is parsed for; left by its caller in markdown-it's environment. */
export interface Wanted {
  /** Headings and checklist items, too. */
  readonly outline: boolean;
}

const structure: ReadonlySet<string> = new Set([
  'blockquote_close',
  'blockquote_open',
  'fence',
  'html_block',
  'list_item_close',
  'list_item_open',
]);

const withText: ReadonlySet<string | undefined> = new Set(['heading_open', 'list_item_open']);

class SparingState extends blockParser.block.State {
  readonly #outline = (this.env as unknown as Wanted).outline;
  // What rules write about tokens that nobody reads.
  readonly #spare: Token = new this.Token('', '', 0);

  override push(type: string, tag: string, nesting: -1 | 0 | 1): Token {
    if (structure.has(type) || (this.#outline && this.#isOutline(type)))
      return super.push(type, tag, nesting);
    this.level += nesting;
    return this.#spare;
  }

  #isOutline(type: string): boolean {
    return type === 'heading_open' || (type === 'inline' && withText.has(this.tokens.at(-1)?.type));
  }
}

blockParser.block.State = SparingState;
blockParser.block.ruler.at('fence', fenceRule, { alt: ['paragraph', 'reference', 'blockquote', 'list'] });
