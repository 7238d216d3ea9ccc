import { AtomReader } from './atomReader';
import type { Atom, AtomAt } from './shellContext';

/** Cuts up a text as fish does, as far as quoting goes (https://fishshell.com/docs/current/language.html#quotes). */
export function lexFish(text: string, atomAt: AtomAt): { atoms: readonly Atom[] } {
  const reader = new AtomReader(text, atomAt);
  // What is open around the place, innermost last: `(` and `"`. A `$(` between double quotes is code again.
  const open: string[] = [];
  while (!reader.done) {
    if (open.at(-1) === '"') inQuotes(reader, open);
    else inCommand(reader, open);
  }
  reader.end();
  return { atoms: reader.atoms };
}

function inQuotes(reader: AtomReader, open: string[]): void {
  if (reader.atom('double')) return;
  const { char } = reader;
  if (char === '"') open.pop();
  if (reader.starts('$(')) open.push('(');
  reader.skip(char === '\\' || reader.starts('$(') ? 2 : 1);
}

function inCommand(reader: AtomReader, open: string[]): void {
  if (reader.atom('bare')) return;
  const { char } = reader;
  if (char === "'") {
    reader.skip(1);
    reader.until("'", 'single', '\\');
  } else if (char === '#' && reader.atWordStart) reader.until('\n', 'comment');
  else if (/[;|&\n]/.test(char)) reader.divide(true);
  else if (/\s/.test(char)) reader.divide(false);
  else {
    if (char === '(' || char === '"') open.push(char);
    else if (char === ')' && open.at(-1) === '(') open.pop();
    reader.skip(char === '\\' ? 2 : 1);
  }
}
