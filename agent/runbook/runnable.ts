import { hasInterpreter, isIgnored } from './attributes';
import { hasPrompt } from './consoleCell';
import type { InfoString } from './infoString';
import { consoleTags, type Language, type LanguageTable } from './languages';

/**
 * The language a fence runs in, or nothing where it is text. `lines` gives its content: a console session without a
 * prompt is output only, and nothing of it runs.
 */
export function runnableLanguage(
  info: InfoString,
  table: LanguageTable,
  lines: () => readonly string[],
): Language | undefined {
  const language = table.find(info.tag);
  if (language && consoleTags.has(info.tag.toLowerCase()) && !hasPrompt(lines())) return undefined;
  if (language) return isIgnored(info) ? undefined : language;
  if (info.tag === '' || !hasInterpreter(info) || isIgnored(info)) return undefined;
  return { id: info.tag, kind: 'other', tags: [info.tag], editor: info.tag, comment: '#' };
}
