import * as vscode from 'vscode';
import type { AskedInput } from '../../agent/protocol/plan';
import { secretProblem } from '../../agent/runbook/secretText';
import { inputChoices, inputProblem, inputWords, type InputWords } from './askedInput';
import { createInput, createPick, fillPick, tellWrong } from '../quickInput';

type Answer = { readonly value: string } | 'back' | undefined;

/** Asks for several inputs: {@link askInputs}, or what a test answers. */
export type AskInputs = (
  asked: readonly AskedInput[],
  runbook: string,
  signal: AbortSignal,
) => Promise<readonly string[] | undefined>;

/**
 * Asks for each in turn; one can go back. Gives a value for each, empty where the person left it so; undefined where
 * Escape was pressed or `signal` withdraws the question, which means that nothing is to run.
 */
export const askInputs: AskInputs = async (asked, runbook, signal) => {
  const values: string[] = [];
  for (let at = 0; at < asked.length;) {
    const input = asked[at];
    if (input === undefined) break;
    const given = values[at];
    const offered = given === undefined || input.type === 'secret' ? input : { ...input, last: given };
    const answer = await askOne(offered, inputWords(offered, runbook, at + 1, asked.length), at > 0, signal);
    if (answer === undefined) return undefined;
    if (answer === 'back') at--;
    else {
      values[at] = answer.value;
      at++;
    }
  }
  return values;
};

/** Asks for a text that is not shown. */
export async function askSecret(title: string, prompt: string): Promise<string | undefined> {
  const { signal } = new AbortController();
  const answer = await typed(
    { title, prompt, value: '' },
    { password: true, back: false, problem: secretProblem },
    signal,
  );
  return typeof answer === 'object' ? answer.value : undefined;
}

function askOne(asked: AskedInput, words: InputWords, back: boolean, signal: AbortSignal): Promise<Answer> {
  const choices = inputChoices(asked);
  if (choices !== undefined) return chosen(asked, choices, words, back, signal);
  const options = {
    password: asked.type === 'secret',
    back,
    problem: (text: string) => inputProblem(asked, text),
    ...(asked.wrong === undefined ? {} : { wrong: asked.wrong }),
    ...(asked.default === undefined ? {} : { placeholder: `empty: ${asked.default}` }),
  };
  return typed(words, options, signal);
}

function chosen(
  asked: AskedInput,
  choices: readonly string[],
  { title, prompt }: InputWords,
  back: boolean,
  signal: AbortSignal,
): Promise<Answer> {
  const box = createPick(title, prompt);
  fillPick(
    box,
    choices.map(label => ({ label, ...described(asked, label) })),
  );
  return answered(box, back, signal, done =>
    box.onDidAccept(() => {
      const [chosen] = box.selectedItems;
      if (chosen !== undefined) done({ value: chosen.item.label });
    }),
  );
}

function described({ last, default: preset }: AskedInput, choice: string): { description?: string } {
  if (choice === last) return { description: 'last time' };
  return choice === preset ? { description: 'default' } : {};
}

function typed(
  { title, prompt, value }: InputWords,
  options: {
    readonly password: boolean;
    readonly back: boolean;
    readonly wrong?: string;
    readonly placeholder?: string;
    problem(text: string): string | undefined;
  },
  signal: AbortSignal,
): Promise<Answer> {
  const { password, placeholder } = options;
  const box = createInput({
    title,
    prompt,
    value,
    password,
    ...(placeholder !== undefined && { placeholder }),
  });
  box.valueSelection = [0, value.length];
  tellWrong(box, options.wrong);
  return answered(box, options.back, signal, done => {
    const typing = box.onDidChangeValue(text => {
      // An empty box is nobody's mistake before Enter.
      tellWrong(box, text === '' ? undefined : options.problem(text));
    });
    const accepting = box.onDidAccept(() => {
      const problem = options.problem(box.value);
      tellWrong(box, problem);
      if (problem === undefined) done({ value: box.value });
    });
    return vscode.Disposable.from(typing, accepting);
  });
}

/** Shows the box until there is an answer or nobody waits for one any more; closing it is none. */
function answered(
  box: Pick<
    vscode.InputBox,
    'buttons' | 'dispose' | 'hide' | 'ignoreFocusOut' | 'onDidHide' | 'onDidTriggerButton' | 'show'
  >,
  back: boolean,
  signal: AbortSignal,
  listen: (done: (answer: Answer) => void) => vscode.Disposable,
): Promise<Answer> {
  box.ignoreFocusOut = true;
  if (back) box.buttons = [vscode.QuickInputButtons.Back];
  return new Promise<Answer>(resolve => {
    const done = (answer: Answer) => {
      resolve(answer);
      box.hide();
    };
    const withdraw = () => done(undefined);
    if (signal.aborted) {
      box.dispose();
      return resolve(undefined);
    }
    signal.addEventListener('abort', withdraw, { once: true });
    const subscriptions = vscode.Disposable.from(
      listen(done),
      box.onDidTriggerButton(() => done('back')),
      box.onDidHide(() => {
        resolve(undefined);
        signal.removeEventListener('abort', withdraw);
        subscriptions.dispose();
        box.dispose();
      }),
    );
    box.show();
  });
}
