import { type Command, isComputed, readCommands } from './readCommands';

/**
 * Whether texts run a command: a matcher of its words in their order, whatever options stand between them. Options among
 * the words have to be given, in any order and form: `rm -rf` is also `rm -fr`, `rm -r -f` and `rm --recursive --force`.
 * A word that only a shell can tell (`$(…)`) may be anything that stands between.
 */
export function commandMatcher(written: string): (text: string) => boolean {
  const all = written.trim().split(/\s+/);
  const [first = '', ...words] = all.filter(word => !isOption(word));
  const options = all.filter(isOption).flatMap(lettersOf);
  return text => commandsOf(text).some(command => isRunBy(command, first, words, options));
}

/** Places in one command where the first word may stand. Who writes more of them hides something. */
const most = 100;

function isRunBy(
  command: Command,
  first: string,
  words: readonly string[],
  options: readonly string[],
): boolean {
  let tried = 0;
  for (const [at, word] of command.entries()) {
    if (!fits(word.slice(word.lastIndexOf('/', word.length - 2) + 1), first) && !fits(word, first)) continue;
    if (++tried > most) return true;
    if (!stand(command, at + 1, words)) continue;
    const given = new Set(command.slice(at + 1).flatMap(lettersOf));
    if (options.every(option => given.has(option))) return true;
  }
  return false;
}

/** Whether words follow one another; between them options, each with its value, and what nobody can tell. */
function stand(command: Command, from: number, words: readonly string[]): boolean {
  let wanted = 0;
  let mayBeValue = false;
  for (let at = from; at < command.length && wanted < words.length; at++) {
    const word = command[at]!;
    if (fits(word, words[wanted]!)) {
      wanted += 1;
      mayBeValue = false;
    } else if (isOption(word)) mayBeValue = !word.includes('=');
    else if (mayBeValue) mayBeValue = isComputed(word);
    else if (!isComputed(word)) return false;
  }
  return wanted === words.length;
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
  if (!word.startsWith('--') && name.length <= 4) return [...name];
  const letter = known[name];
  return letter === undefined ? [`--${name}`] : [letter];
}

const known: Readonly<Record<string, string>> = { recursive: 'r', force: 'f', all: 'a', volumes: 'v' };

/** Several patterns are tried on one text after another. */
let last: { readonly text: string; readonly commands: Command[] } | undefined;

function commandsOf(text: string): Command[] {
  if (last?.text !== text) last = { text, commands: readCommands(text) };
  return last.commands;
}
