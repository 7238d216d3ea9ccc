import { slugOf } from './sections';

/** What naming a cell goes by. */
export interface Unnamed {
  /** The author's name. */
  readonly given: string | undefined;
  readonly section: readonly string[];
  readonly text: string;
  readonly comment: string;
}

/** Names for all cells of a file in order: the author's, else one of heading and first command; none twice. */
export function nameCells(cells: readonly Unnamed[]): { name: string; named: boolean }[] {
  const taken = new Set<string>();
  const numbers = new Map<string, number>();
  const names = cells.map(({ given }) => {
    if (given === undefined || taken.has(given)) return undefined;
    taken.add(given);
    return given;
  });
  return cells.map((cell, index) => {
    const name = names[index];
    if (name !== undefined) return { name, named: true };
    const free = unique(cell.given ?? generated(cell), taken, numbers);
    taken.add(free);
    return { name: free, named: false };
  });
}

const maxLength = 48;

function generated({ section, text, comment }: Unnamed): string {
  const heading = slugOf(section.at(-1) ?? '')
    .replace(/-+/g, '-')
    .replace(/^-|-$/g, '');
  const command = commandOf(text, comment);
  const whole = [heading, command].filter(part => part !== '').join('-') || 'cell';
  return whole.slice(0, maxLength).replace(/^-+|-+$/g, '') || 'cell';
}

/** The program of the first command and the word after it if that reads like a subcommand. */
function commandOf(text: string, comment: string): string {
  const lines = text.split('\n').map(line => line.trim());
  const line = lines.find(one => one !== '' && !one.startsWith(comment)) ?? '';
  const words = line.replace(/^((sudo|env|exec|time|command)\s+|[A-Za-z_]\w*=\S*\s+)+/, '').split(/\s+/);
  const program = words[0]!.split(/[/\\]/).pop()!;
  const subcommand = words[1] !== undefined && /^[a-z][a-z-]*$/.test(words[1]) ? `-${words[1]}` : '';
  return `${program.replace(/[^A-Za-z0-9_.-]+.*$/, '')}${subcommand}`
    .replace(/^[.-]+|[.-]+$/g, '')
    .toLowerCase();
}

/** The name with the first number that makes it new. `numbers` remembers where to look on, for many namesakes. */
function unique(name: string, taken: ReadonlySet<string>, numbers: Map<string, number>): string {
  if (!taken.has(name)) return name;
  let number = numbers.get(name) ?? 2;
  while (taken.has(`${name}-${number}`)) number++;
  numbers.set(name, number + 1);
  return `${name}-${number}`;
}
