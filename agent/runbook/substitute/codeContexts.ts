import { jsTokens } from './jsTokens';

/** How a language other than a shell reads a place of its text. `unknown`: it depends on the program that reads it. */
export type CodeContext = 'code' | 'string' | 'comment' | 'unknown';

/** Tells the context of each place of a text. */
export function codeContexts(language: CodeLanguage, text: string): (offset: number) => CodeContext {
  if (language === 'node') return contextsOf(jsTokens(text));
  if (language === 'python') return contextsOf(pythonTokens(text));
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

/**
 * Since Python 3.12 an f-string may have strings with its own quotes between its braces. What looks like its end within
 * braces is not the end, or the program is for no older Python: what follows is not told apart.
 */
function pythonTokens(text: string): CodeToken[] {
  const found = tokens(text, patterns.python);
  const nested = found.findIndex(({ start, end }) => {
    const prefix = /(?<!\w)(?:[ft]r?|r[ft])$/i.test(text.slice(Math.max(0, start - 3), start));
    return prefix && endsInBraces(text.slice(start, end));
  });
  const first = found[nested];
  if (!first) return found;
  return [...found.slice(0, nested), { start: first.start, end: text.length, context: 'unknown' }];
}

function endsInBraces(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (depth === 0 && (text.startsWith('{{', at) || text.startsWith('}}', at))) at++;
    else if (text[at] === '{') depth++;
    else if (text[at] === '}') depth = Math.max(0, depth - 1);
  }
  return depth > 0;
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
