import { jsTokens } from './jsTokens';

/** How a language other than a shell reads a place of its text. `unknown`: it depends on the program that reads it. */
export type CodeContext = 'code' | 'string' | 'comment' | 'unknown';

/** Tells the context of each place of a text. */
export function codeContexts(language: CodeLanguage, text: string): (offset: number) => CodeContext {
  if (language === 'node') return contextsOf(jsTokens(text));
  if (language !== 'sql') return contextsOf(tokens(text, patterns[language]));
  // Some databases read a backslash in a string as an escape, others as itself: only where both agree it is known.
  const [standard, escaping] = [patterns.sql, patterns.mysql].map(pattern =>
    contextsOf(tokens(text, pattern)),
  );
  return offset => (standard!(offset) === escaping!(offset) ? standard!(offset) : 'unknown');
}

export type CodeLanguage = 'python' | 'node' | 'sql' | 'json';

/** A string or comment. */
export interface CodeToken {
  readonly start: number;
  readonly end: number;
  readonly context: CodeContext;
}

/** Each alternative is one token; the named group it is in tells its context. */
const patterns = {
  python:
    /(?<comment>#[^\n]*)|(?<string>"""(?:\\[^]|[^\\])*?(?:"""|$)|'''(?:\\[^]|[^\\])*?(?:'''|$)|"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?)/g,
  json: /(?<comment>$^)|(?<string>"(?:\\[^]|[^"\\])*"?)/g,
  sql: /(?<comment>--[^\n]*|\/\*[^]*?(?:\*\/|$))|(?<unknown>#[^\n]*|\b[eE]'(?:\\[^]|''|[^'\\])*'?)|(?<string>'(?:''|[^'])*'?|"(?:""|[^"])*"?|`[^`]*`?|\$(?<tag>\w*)\$[^]*?(?:\$\k<tag>\$|$))/g,
  mysql:
    /(?<comment>--[^\n]*|\/\*[^]*?(?:\*\/|$))|(?<unknown>#[^\n]*)|(?<string>'(?:\\[^]|''|[^'\\])*'?|"(?:\\[^]|""|[^"\\])*"?|`[^`]*`?|\$(?<tag>\w*)\$[^]*?(?:\$\k<tag>\$|$))/g,
} as const;

function tokens(text: string, pattern: RegExp): CodeToken[] {
  return [...text.matchAll(pattern)].map(match => {
    const { comment, unknown } = match.groups ?? {};
    const context = comment !== undefined ? 'comment' : unknown !== undefined ? 'unknown' : 'string';
    return { start: match.index, end: match.index + match[0].length, context };
  });
}

function contextsOf(found: readonly CodeToken[]): (offset: number) => CodeContext {
  return offset => {
    let low = 0;
    let high = found.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (found[middle]!.end <= offset) low = middle + 1;
      else high = middle;
    }
    const token = found[low];
    return token && token.start <= offset ? token.context : 'code';
  };
}
