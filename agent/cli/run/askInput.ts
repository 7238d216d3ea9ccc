import type { AskedInput } from '../../protocol/plan';
import { checkInput } from '../../runbook/inputs';
import type { Screen } from '../terminal/terminal';
import { plain } from '../terminal/words';
import type { Keyboard } from './keyboard';

/** Who types this many wrong values does not know a right one. */
const attempts = 3;

/**
 * Asks for the value of an input until it is a right one. Enter takes the value of last time, else the default; where
 * there is none, it means that nobody wants to say: undefined.
 */
export async function askInput(
  { paint, write }: Pick<Screen, 'paint' | 'write'>,
  keyboard: Keyboard,
  input: AskedInput,
): Promise<string | undefined> {
  const { name, type, description, choices = [] } = input;
  const preset = input.last ?? input.default;
  if (description !== undefined) void write(`${paint.color('dim', plain(description))}\n`);
  choices.forEach((choice, at) => void write(`${String(at + 1).padStart(3)}  ${plain(choice)}\n`));
  if (input.wrong !== undefined) void write(`${plain(input.wrong)}\n`);
  const kind = type === 'boolean' ? ' (true or false)' : type === 'secret' ? ' (secret)' : '';
  const shown = preset === undefined || type === 'secret' ? '' : ` [${plain(preset)}]`;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const question = `${plain(name)}${kind}${shown}: `;
    const typed = await (type === 'secret' ? keyboard.askHidden(question) : keyboard.ask(question));
    const value = typed === '' ? preset : chosen(typed, input);
    if (value === undefined) return undefined;
    const wrong = checkInput(specOf(input), value);
    if (wrong === undefined) return value;
    void write(`${wrong}\n`);
  }
  return undefined;
}

function specOf({ name, type, choices, pattern }: AskedInput): Parameters<typeof checkInput>[0] {
  return {
    name,
    type,
    required: true,
    ...(choices === undefined ? {} : { choices }),
    ...(pattern === undefined ? {} : { pattern }),
  };
}

/** What a person means: a choice by its number, yes for true. */
function chosen(typed: string, { type, choices = [] }: AskedInput): string {
  if (type === 'boolean' && /^(y|yes)$/i.test(typed)) return 'true';
  if (type === 'boolean' && /^(n|no)$/i.test(typed)) return 'false';
  if (type !== 'choice' || choices.includes(typed) || !/^\d+$/.test(typed)) return typed;
  return choices[Number(typed) - 1] ?? typed;
}
