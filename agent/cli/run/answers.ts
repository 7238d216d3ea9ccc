import type { RunRequest } from '../../engine/types';
import { HandrailError } from '../../protocol/errors';
import { MissingAnswers } from '../../protocol/plan';
import type { Call } from '../call';
import { exitCodes } from '../exitCodes';
import { plain } from '../terminal/words';
import { askInput } from './askInput';
import type { Keyboard } from './keyboard';

/**
 * Calls `start`; where it says that answers are missing and somebody is there, asks for all of them and starts again.
 * An approval that is not given, or a value that is not typed, means that nothing is run.
 */
export async function withAnswers(
  call: Call,
  keyboard: Keyboard | undefined,
  request: RunRequest,
  start: (request: RunRequest) => Promise<number>,
): Promise<number> {
  try {
    return await start(request);
  } catch (error) {
    const missing = missingAnswers(error);
    if (missing === undefined || keyboard === undefined) throw error;
    const answered = await answer(call, keyboard, request, missing);
    if (answered !== undefined) return start(answered);
    void call.terminal.stderr.write('cancelled by you: nothing was run\n');
    return exitCodes.cancelled;
  }
}

/** All that is missing, where the error is about that. */
function missingAnswers(error: unknown): MissingAnswers | undefined {
  if (!(error instanceof HandrailError) || error.code !== 'needsAnswer') return undefined;
  return MissingAnswers.safeParse(error.details).data;
}

/** The request with what the person typed; undefined where they would not. */
async function answer(
  call: Call,
  keyboard: Keyboard,
  request: RunRequest,
  { confirm, inputs, secrets }: MissingAnswers,
): Promise<RunRequest | undefined> {
  const values: Record<string, string> = {};
  for (const input of inputs) {
    const value = await askInput(call.terminal.stderr, keyboard, input);
    if (value === undefined) return undefined;
    values[input.name] = value;
  }
  const hidden: Record<string, string> = {};
  for (const name of secrets) {
    const value = await keyboard.askHidden(`${plain(name)} (secret): `);
    if (value === '') return undefined;
    hidden[name] = value;
  }
  const approved = [...(request.approved ?? [])];
  for (const { name, text, typed } of confirm) {
    if (!(await isApproved(keyboard, `${plain(name)}: ${plain(text)}`, typed))) return undefined;
    approved.push(name);
  }
  return {
    ...request,
    inputs: { ...request.inputs, ...values },
    secrets: { ...request.secrets, ...hidden },
    approved,
  };
}

/** Asks for an approval: only a clear yes is one, or the name where that is to be typed. */
export async function isApproved(
  keyboard: Pick<Keyboard, 'ask'>,
  question: string,
  typed: string | undefined,
): Promise<boolean> {
  if (typed === undefined) return /^y(es)?$/i.test((await keyboard.ask(`${question} [y/N] `)).trim());
  return (await keyboard.ask(`${question} Type ${plain(typed)} to go on: `)).trim() === typed;
}
