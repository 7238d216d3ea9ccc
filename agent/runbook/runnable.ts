import { hasInterpreter, isIgnored } from './attributes';
import type { InfoString } from './infoString';
import type { Language, LanguageTable } from './languages';

/** The language a fence runs in, or nothing where it is text. */
export function runnableLanguage(info: InfoString, table: LanguageTable): Language | undefined {
  const language = table.find(info.tag);
  if (language) return isIgnored(info) ? undefined : language;
  if (info.tag === '' || !hasInterpreter(info) || isIgnored(info)) return undefined;
  return { id: info.tag, kind: 'other', tags: [info.tag], editor: info.tag, comment: '#' };
}
