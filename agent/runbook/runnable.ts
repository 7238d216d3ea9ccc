import { hasInterpreter, isIgnored } from './attributes';
import { hasPrompt } from './consoleCell';
import { parseInfo, tagOf } from './infoString';
import { consoleTags, type Language, type LanguageTable } from './languages';

/**
 * The language that a fence with this info string runs in, or nothing where it is text. `lines` gives its content: a
 * console session without a prompt is output only, and nothing of it runs.
 */
export function runnableLanguage(
  info: string,
  table: LanguageTable,
  lines: () => readonly string[],
): Language | undefined {
  const tag = tagOf(info);
  const language = table.find(tag);
  if (language && consoleTags.has(tag.toLowerCase()) && !hasPrompt(lines())) return undefined;
  // Reading all attributes of all fences would be a fifth of the time it takes to open a large file.
  if (!info.includes(language ? 'ignore' : 'interpreter')) return language;
  const parsed = parseInfo(info);
  if (language) return isIgnored(parsed) ? undefined : language;
  if (tag === '' || !hasInterpreter(parsed) || isIgnored(parsed)) return undefined;
  return { id: tag, kind: 'other', tags: [tag], editor: tag, comment: '#' };
}
