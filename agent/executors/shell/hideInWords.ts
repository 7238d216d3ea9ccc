import { unescapeFish } from '../escapedForms';
import type { HiddenSecrets } from '../hiddenSecrets';
import { unquoteWord } from './declarations';
import { quote } from './quote';

/** How a family of shells quotes a word. One character a byte. */
export interface Quoting {
  /** Matches words as the shell prints them, brackets and blanks between them left out. */
  readonly word: RegExp;
  unquote(word: string): string;
  quote(text: string): string;
}

export const posixQuoting: Quoting = {
  word: /(?!=)(?:\$'(?:[^'\\]|\\[^])*'|'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^]|[^\s'"\\()[\]])+/g,
  unquote: unquoteWord,
  quote,
};

export const fishQuoting: Quoting = {
  word: /(?:'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"|\\[^]|[^\s'"\\])+/g,
  unquote: word =>
    word.replace(/'((?:[^'\\]|\\[^])*)'|"((?:[^"\\]|\\[^])*)"|((?:\\[^]|[^'"\\])+)/g, unquoteFish),
  quote: text => `'${text.replace(/[\\']/g, '\\$&')}'`,
};

/** Hides secrets in quoted words: those that hold one are quoted anew. */
export function hideInWords(text: string, secrets: HiddenSecrets, quoting: Quoting): string {
  if (!secrets.mayBeIn(text)) return text;
  return text.replace(quoting.word, word => {
    const plain = quoting.unquote(word);
    const hidden = secrets.hideBytes(plain);
    return hidden === plain ? word : quoting.quote(hidden);
  });
}

/** The same in what stands behind the matches of a pattern, so that no command or name is taken for a secret. */
export function hideInValues(text: string, heads: RegExp, secrets: HiddenSecrets, quoting: Quoting): string {
  if (!secrets.mayBeIn(text)) return text;
  let done = '';
  let from = 0;
  for (const { 0: head, index } of text.matchAll(heads)) {
    done += hideInWords(text.slice(from, index), secrets, quoting) + head;
    from = index + head.length;
  }
  return done + hideInWords(text.slice(from), secrets, quoting);
}

function unquoteFish(_all: string, single?: string, double?: string, bare?: string): string {
  return (
    single?.replace(/\\([\\'])/g, '$1') ?? double?.replace(/\\([\\"$])/g, '$1') ?? unescapeFish(bare ?? '')
  );
}
