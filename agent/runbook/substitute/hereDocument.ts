/** A here-document that a command line announced and whose body is still to come. */
export interface HereDocument {
  readonly delimiter: string;
  /** Nothing in its body is expanded. */
  readonly quoted: boolean;
  /** `<<-`: tabs at the start of its lines do not count. */
  readonly stripTabs: boolean;
}

/** Reads what follows `<<`: `EOF`, `-EOF`, `'EOF'`, `"EOF"`, `\EOF`. */
export function readDelimiter(
  text: string,
  from: number,
  limit: number,
): { document: HereDocument; end: number } | undefined {
  const match = /^(-?)[ \t]*((?:\\[^\n]|'[^'\n]*'|"[^"\n]*"|[^\s;&|<>()'"\\`])+)/.exec(
    text.slice(from, Math.min(limit, from + 500)),
  );
  if (!match) return undefined;
  const [whole, dash, word = ''] = match;
  const quoted = /[\\'"]/.test(word);
  const delimiter = word.replaceAll(/\\([^\n])|'([^']*)'|"([^"]*)"/g, '$1$2$3');
  return { document: { delimiter, quoted, stripTabs: dash === '-' }, end: from + whole.length };
}

/** Where the body that begins at `from` ends, and what follows its delimiter. One that never ends takes all there is. */
export function endOfBody(
  text: string,
  from: number,
  limit: number,
  { delimiter, stripTabs }: HereDocument,
): { end: number; next: number } {
  for (let start = from; start < limit;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 || newline > limit ? limit : newline;
    const line = text.slice(start, end);
    if ((stripTabs ? line.replace(/^\t+/, '') : line) === delimiter) return { end: start, next: end };
    start = end + 1;
  }
  return { end: limit, next: limit };
}
