/** What stands at a place of a Markdown text that Handrail has words for. Columns count from 0. */
export interface AttributeAt {
  /** An attribute of a fence, or a key of the front matter. */
  readonly of: 'cell' | 'frontMatter';
  /** The attribute's or the key's name, as far as it is written. */
  readonly name: string;
  /** What is written of its value up to the place; undefined where the place is in the name. */
  readonly value: string | undefined;
  /** The names that stand beside it. */
  readonly others: readonly string[];
  /** Where the name, or the value's last item up to the place, begins and ends. */
  readonly start: number;
  readonly end: number;
}

const fence = /^[\s>*+\d.)-]*(`{3,}|~{3,})\s*[^\s{`]+\s*\{/;

/** What stands at a column of a line that opens a fence with `{…}`; undefined elsewhere, and for JSON. */
export function attributeAt(line: string, column: number): AttributeAt | undefined {
  const begin = fence.exec(line)?.[0].length;
  if (begin === undefined || column < begin || /^\s*"/.test(line.slice(begin))) return undefined;
  const words = wordsOf(line, begin);
  const closed = words.at(-1)?.text === '}' ? words.pop() : undefined;
  if (closed !== undefined && column > closed.start) return undefined;
  const word = words.find(({ start, text }) => start <= column && column <= start + text.length);
  const others = words.filter(each => each !== word).map(({ text }) => nameIn(text));
  if (word === undefined)
    return { of: 'cell', name: '', value: undefined, others, start: column, end: column };
  const name = nameIn(word.text);
  const { start } = word;
  const within = column - start;
  if (within <= name.length)
    return { of: 'cell', name, value: undefined, others, start, end: start + name.length };
  const value = word.text.slice(name.length + 1, within).replace(/^["']/, '');
  const last = value.slice(value.lastIndexOf(',') + 1);
  return { of: 'cell', name, value, others, start: column - last.length, end: column };
}

/** What stands at a column of a line of front matter in YAML: a key of it, or its value. */
export function keyAt(line: string, column: number, keys: readonly string[]): AttributeAt | undefined {
  const name = /^[\w-]*/.exec(line)?.[0] ?? '';
  const others = keys.filter(key => key !== name);
  if (column <= name.length)
    return { of: 'frontMatter', name, value: undefined, others, start: 0, end: name.length };
  const head = /^[\w-]+:\s*/.exec(line)?.[0].length;
  if (head === undefined || column < head) return undefined;
  return { of: 'frontMatter', name, value: line.slice(head, column), others, start: head, end: column };
}

interface Word {
  readonly start: number;
  readonly text: string;
}

/** The words between braces, what is quoted kept together; the closing brace is one of its own. */
function wordsOf(line: string, begin: number): Word[] {
  const found = line.slice(begin).matchAll(/\}|(?:[^\s"'}]|"[^"]*"?|'[^']*'?)+/g);
  const words: Word[] = [];
  for (const { 0: text, index } of found) {
    words.push({ start: begin + index, text });
    if (text === '}') break;
  }
  return words;
}

function nameIn(word: string): string {
  return /^[^=]*/.exec(word)?.[0] ?? '';
}
