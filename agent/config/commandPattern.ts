import { type Command, isComputed, readCommands } from './readCommands';

/** What can be told of a text: it runs the command; it may, by what only a shell could tell; it does not. */
export type Told = 'runs' | 'may run' | 'no';

/**
 * Whether texts run a command: tells it by its words in their order, whatever options stand between them. Options among
 * the words have to be given, in any order and form: `rm -rf` is also `rm -fr`, `rm -r -f` and `rm --recursive --force`.
 * `$VERB` and `$(…)` in the place of the program or of a word may be it, or something that stands before it.
 */
export function commandReader(written: string): (text: string) => Told {
  const all = written.trim().split(/\s+/);
  const [program = '', ...words] = all.filter(word => !isOption(word));
  const wanted: Wanted = { program, words, options: all.filter(isOption).flatMap(lettersOf) };
  return text => {
    let told: Told = 'no';
    for (const command of commandsOf(text)) {
      const each = tell(command, wanted);
      if (each === 'runs') return each;
      if (each !== 'no') told = each;
    }
    return told;
  };
}

interface Wanted {
  readonly program: string;
  readonly words: readonly string[];
  readonly options: readonly string[];
}

/** Places in one command where its program may stand. Who writes more of them hides something. */
const most = 100;

function tell(command: Command, wanted: Wanted): Told {
  let tried = 0;
  let told: Told = 'no';
  const begins = command.findIndex(word => !stoodBefore.test(word));
  for (const [at, word] of command.entries()) {
    const isProgram = fits(word.slice(word.lastIndexOf('/', word.length - 2) + 1), wanted.program);
    if (!isProgram && !fits(word, wanted.program)) continue;
    if (++tried > most) return 'runs';
    const each = tellRest(command, at, wanted);
    if (each === 'runs') return each;
    if (at === begins) told = each;
  }
  const program = command[begins];
  const isOnlyProgram = wanted.words.length + wanted.options.length === 0;
  if (program === undefined || !isComputed(program) || isOnlyProgram) return told;
  return tellRest(command, begins, wanted) === 'runs' ? 'may run' : told;
}

/** Words after which a program's name stands. */
const stoodBefore = /^(?:\w+=.*|sudo|env|command|exec|nohup|time|xargs|if|elif|then|else|while|until|do|!)$/s;

function tellRest(command: Command, program: number, { words, options }: Wanted): Told {
  const stand = standing(command, program + 1, words);
  if (stand === 'no') return stand;
  const given = new Set(command.slice(program + 1).flatMap(lettersOf));
  return options.every(option => given.has(option)) ? stand : 'no';
}

/** Whether words follow one another; between them options, each with its value, and what nobody can tell. */
function standing(command: Command, from: number, words: readonly string[]): Told {
  let found = 0;
  let mayBeValue = false;
  let isInDoubt = false;
  for (let at = from; at < command.length && found < words.length; at++) {
    const word = command[at]!;
    if (fits(word, words[found]!)) {
      found += 1;
      mayBeValue = false;
    } else if (isOption(word)) mayBeValue = !word.includes('=');
    else if (isComputed(word)) isInDoubt ||= !mayBeValue;
    else if (mayBeValue) mayBeValue = false;
    else break;
  }
  if (found === words.length) return 'runs';
  return isInDoubt ? 'may run' : 'no';
}

/** `deploy` is also `deploy/web`, and never `deployment`. */
function fits(word: string, wanted: string): boolean {
  return word === wanted || (word.startsWith(wanted) && !/[\w-]/.test(word[wanted.length]!));
}

function isOption(word: string): boolean {
  return word.length > 1 && word.startsWith('-');
}

/** `-rf` as `r` and `f`; a long option, of one dash or two, by its name, or its letter where everybody knows that. */
function lettersOf(word: string): string[] {
  if (!isOption(word)) return [];
  const name = word.replace(/^--?/, '').replace(/=.*/s, '');
  const isShort = !word.startsWith('--') && name.length <= 4;
  // `rm -R` is `rm -r`.
  if (isShort) return [...name].map(letter => (letter === 'R' ? 'r' : letter));
  return [letters.get(name) ?? `--${name}`];
}

const letters: ReadonlyMap<string, string> = new Map([
  ['recursive', 'r'],
  ['force', 'f'],
  ['all', 'a'],
  ['volumes', 'v'],
]);

/** Several patterns are tried on one text after another. */
let last: { readonly text: string; readonly commands: Command[] } | undefined;

function commandsOf(text: string): Command[] {
  if (last?.text !== text) last = { text, commands: readCommands(text) };
  return last.commands;
}
