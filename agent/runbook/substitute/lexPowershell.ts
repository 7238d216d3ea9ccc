import { AtomReader } from './atomReader';
import type { Atom, AtomAt } from './shellContext';

/**
 * Cuts up a text as PowerShell does, as far as quoting goes
 * (https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules).
 */
export function lexPowershell(text: string, atomAt: AtomAt): { atoms: readonly Atom[] } {
  const reader = new AtomReader(text, atomAt);
  const open: string[] = [];
  while (!reader.done) {
    const quotes = open.at(-1);
    if (quotes === '"' || quotes === '@"') inQuotes(reader, open, quotes);
    else inCommand(reader, open);
  }
  reader.end();
  return { atoms: reader.atoms };
}

function inQuotes(reader: AtomReader, open: string[], quotes: '"' | '@"'): void {
  if (reader.atom(quotes === '"' ? 'double' : 'heredoc')) return;
  if (reader.starts('$(')) {
    open.push('(');
    reader.skip(2);
  } else if (quotes === '@"' && reader.starts('\n"@')) {
    open.pop();
    reader.skip(3);
  } else if (quotes === '"' && isQuote(reader.char)) {
    // Doubled, it is a quote itself.
    const doubled = isQuote(reader.text[reader.at + 1] ?? '');
    if (!doubled) open.pop();
    reader.skip(doubled ? 2 : 1);
  } else reader.skip(reader.char === '`' ? 2 : 1);
}

function inCommand(reader: AtomReader, open: string[]): void {
  if (reader.atom('bare')) return;
  const { char } = reader;
  if (/^@["“”„]/.test(reader.text.slice(reader.at, reader.at + 2))) {
    open.push('@"');
    reader.skip(2);
  } else if (/^@['‘’‚‛]/.test(reader.text.slice(reader.at, reader.at + 2))) {
    reader.skip(2);
    reader.until("\n'@", 'quoted-heredoc');
  } else if (/['‘’‚‛]/.test(char)) literal(reader);
  else if (reader.starts('<#')) {
    reader.until('#>', 'comment');
    reader.skip(2);
  } else if (char === '#' && reader.atWordStart) reader.until('\n', 'comment');
  else if (/[;|&\n]/.test(char)) reader.divide(true);
  else if (/\s/.test(char)) reader.divide(false);
  else {
    if (isQuote(char)) open.push('"');
    else if (char === '(') open.push('(');
    else if (char === ')' && open.at(-1) === '(') open.pop();
    reader.skip(char === '`' ? 2 : 1);
  }
}

/** Typographic quotes are quotes, too. */
function isQuote(char: string): boolean {
  return char !== '' && '"“”„'.includes(char);
}

function literal(reader: AtomReader): void {
  reader.skip(1);
  while (!reader.done && !/['‘’‚‛]/.test(reader.char)) if (!reader.atom('single')) reader.skip(1);
  reader.skip(1);
}
