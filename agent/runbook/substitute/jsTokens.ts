import type { CodeToken } from './codeContexts';

/** The strings, comments, templates and regular expressions of a JavaScript or TypeScript text. */
export function jsTokens(text: string): CodeToken[] {
  const found: CodeToken[] = [];
  // Braces that are open; 'template' where one belongs to a `${` whose template goes on after it.
  const open: ('brace' | 'template')[] = [];
  let value = false;
  for (let at = 0; at < text.length;) {
    const templateGoesOn = text[at] === '}' && open.at(-1) === 'template';
    token.lastIndex = at;
    const match = templateGoesOn || text[at] === '`' ? undefined : token.exec(text)!;
    if (!match) {
      if (templateGoesOn) open.pop();
      const end = templateEnd(text, at + 1);
      found.push({ start: at, end, context: 'string' });
      if (text.startsWith('${', end - 2) && text[end - 1] === '{') open.push('template');
      value = true;
      at = end;
      continue;
    }
    const [whole] = match;
    const { comment, string, regex, word } = match.groups!;
    const isRegex: boolean = regex !== undefined && !value;
    const length = regex !== undefined && value ? 1 : whole.length;
    if (comment !== undefined) found.push({ start: at, end: at + length, context: 'comment' });
    if (string !== undefined || isRegex) found.push({ start: at, end: at + length, context: 'string' });
    if (whole === '{') open.push('brace');
    if (whole === '}') open.pop();
    if (word !== undefined) value = !beforeRegex.has(word);
    else if (comment === undefined && whole.trim() !== '')
      value = string !== undefined || isRegex || /[)\]}]/.test(whole);
    at += length;
  }
  return found;
}

const token =
  /(?<comment>\/\/[^\n\u2028\u2029]*|\/\*[^]*?(?:\*\/|$))|(?<string>"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?)|(?<regex>\/(?:\\[^\n]|\[(?:\\[^\n]|[^\]\\\n])*\]|[^/\\[\n])+\/\w*)|(?<word>[\p{L}\p{N}_$]+)|[^]/uy;

/** After these words a slash begins a regular expression. */
const beforeRegex: ReadonlySet<string> = new Set(
  'return typeof instanceof in of new delete void throw case do else await yield'.split(' '),
);

/** The end of a template's text, its closing back quote or `${` included. */
function templateEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '`') return at + 1;
    else if (text.startsWith('${', at) && !text.startsWith('${{', at)) return at + 2;
  }
  return text.length;
}
