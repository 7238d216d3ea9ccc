/**
 * Splits a command line into words, as data: quotes and backslashes hold words together, and nothing else has a
 * meaning (no variables, no pipes, no `$(…)`). Undefined where a quote is not closed.
 */
export function splitWords(line: string): string[] | undefined {
  const words: string[] = [];
  let rest = line.trim();
  let word: string | undefined;
  while (rest !== '') {
    const part = partPattern.exec(rest);
    if (part === null) return undefined;
    rest = rest.slice(part[0].length);
    const { blank, single, double, escaped, plain } = part.groups ?? {};
    if (blank === undefined) {
      word = (word ?? '') + (single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? '');
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

const partPattern =
  /^(?:(?<blank>\s+)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\[^])*)"|\\(?<escaped>[^])|(?<plain>[^\s'"\\]+))/;
