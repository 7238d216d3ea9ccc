import { plainText, type Blocks } from './blocks';
import type { ChecklistItem } from './model';

/** The `- [ ]` items of a file, in order (https://github.github.com/gfm/#task-list-items-extension-). */
export function findChecklist({ lines, tokens }: Blocks): ChecklistItem[] {
  const items: ChecklistItem[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at + 1];
    if (tokens[at]!.type !== 'list_item_open' || token?.type !== 'inline') continue;
    const match = /^\[([ xX])\]\s+(\S.*)/.exec(token.content);
    const line = token.map?.[0];
    if (!match || line === undefined) continue;
    items.push({
      text: plainText(match[2]!),
      checked: match[1] !== ' ',
      line: line + 1,
      column: lines.at(line).indexOf('[') + 1,
    });
  }
  return items;
}
