/**
 * What was typed, as an FTS5 expression; undefined where it holds no word. Every word is quoted, so that nothing that
 * was typed is an operator; what stands between `"…"` stays together, and the last word may be a beginning.
 * https://www.sqlite.org/fts5.html#full_text_query_syntax
 */
export function searchExpression(query: string, fileToken?: string): string | undefined {
  const terms = termsOf(query);
  const last = terms.at(-1);
  if (last === undefined) return undefined;
  const phrases = terms.map(term => `"${term.text.replaceAll('"', '""')}"`);
  if (mayBeBeginning(last)) phrases.push(`${phrases.pop()} *`);
  const words = `{name text output} : (${phrases.join(' AND ')})`;
  return fileToken === undefined ? words : `file : ${fileToken} AND ${words}`;
}

/** What is looked for, a word or several that stand together. */
export interface SearchTerm {
  readonly text: string;
  readonly quoted: boolean;
}

/** The words and quoted phrases of a query; what holds no letter and no digit is not in the index. */
export function termsOf(query: string): SearchTerm[] {
  const found = [...query.replaceAll('\0', ' ').matchAll(/"([^"]*)"?|([^\s"]+)/g)];
  return found
    .map(([, phrase, word]) => ({ text: phrase ?? word ?? '', quoted: phrase !== undefined }))
    .filter(({ text }) => /[\p{L}\p{N}\p{Co}]/u.test(text))
    .slice(0, mostTerms);
}

const mostTerms = 32;

/** One letter begins too many words: the list of all their places would have to be built first. */
function mayBeBeginning({ text, quoted }: SearchTerm): boolean {
  return !quoted && /[\p{L}\p{N}\p{Co}]{2,}$/u.test(text);
}
