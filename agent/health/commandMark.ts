import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { CheckSpec } from './checkSpec';

type Runs = Pick<CheckSpec, 'command' | 'file'>;

/**
 * A text that changes with whatever a check would run otherwise: how it is run, its words one by one, where, and its
 * environment. Undefined where it runs nothing. Whoever allowed a command has allowed it by this.
 */
export function commandMark({ command, file }: Runs): string | undefined {
  if (command === undefined) return undefined;
  const { run, env = {} } = command;
  const how = typeof run === 'string' ? 'line for /bin/sh' : 'program';
  const set = Object.entries(env).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([how, run, dirname(file), set]))
    .digest('hex');
}

/**
 * What a check runs, as a person is to read it before it may: two that run something else never read the same. A line
 * for the shell stands as it is; a program as a list, since blanks would hide where its arguments end.
 */
export function commandText({ command }: Pick<CheckSpec, 'command'>): string {
  if (command === undefined) return '';
  const { run, env = {} } = command;
  const text = typeof run === 'string' ? lineText(run) : listText(run);
  const set = Object.entries(env).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return set.length === 0 ? text : `${text}, with ${set.join(' ')}`;
}

/** What could be taken for something else is quoted. */
function lineText(line: string): string {
  return /^\[|^the line "|, with .*="/s.test(line) ? `the line ${JSON.stringify(line)}` : line;
}

function listText(words: readonly string[]): string {
  return `[${words.map(word => JSON.stringify(word)).join(', ')}]`;
}
