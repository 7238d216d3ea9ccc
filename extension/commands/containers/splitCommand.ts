/**
 * The words of a command line as a shell would see them, with quotes and backslashes, and nothing else of a shell:
 * variables and wildcards stay as they are. Throws where a quote is not closed.
 */
export function splitCommand(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const sign = line.charAt(at);
    if (quote === '' && /\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (sign === quote) quote = '';
    else if (quote === '' && (sign === '"' || sign === "'")) {
      quote = sign;
      word ??= '';
    } else if (sign === '\\' && quote !== "'" && at + 1 < line.length)
      word = (word ?? '') + escaped(line.charAt(++at), quote);
    else word = (word ?? '') + sign;
  }
  if (quote !== '') throw new Error(`The quote ${quote} is not closed.`);
  return word === undefined ? words : [...words, word];
}

/** Within double quotes a backslash stands for itself, but before few signs. */
function escaped(sign: string, quote: string): string {
  return quote === '"' && !'"\\$`'.includes(sign) ? `\\${sign}` : sign;
}
