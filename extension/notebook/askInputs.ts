import * as vscode from 'vscode';
import type { AskedInput } from '../../agent/protocol/plan';
import { inputChoices, inputProblem, inputWords, type InputWords } from './askedInput';
import { createInput, createPick, fillPick, tellWrong } from '../quickInput';

type Answer = { readonly value: string } | 'back' | undefined;

/**
 * Asks for each in turn; one can go back. Gives the values by name, those left empty not among them; undefined where
 * the person pressed Escape, which means that nothing is to run.
 */
export async function askInputs(
  asked: readonly AskedInput[],
  runbook: string,
): Promise<Record<string, string> | undefined> {
  const values = new Map<string, string>();
  for (let at = 0; at < asked.length;) {
    const input = asked[at];
    if (input === undefined) break;
    const given = values.get(input.name);
    const offered = given === undefined || input.type === 'secret' ? input : { ...input, last: given };
    const answer = await askOne(offered, inputWords(offered, runbook, at + 1, asked.length), at > 0);
    if (answer === undefined) return undefined;
    if (answer === 'back') at--;
    else {
      values.set(input.name, answer.value);
      at++;
    }
  }
  return Object.fromEntries([...values].filter(([, value]) => value !== ''));
}

/** Asks for a text that is not shown. */
export async function askSecret(title: string, prompt: string): Promise<string | undefined> {
  const problem = (text: string) => (text === '' ? 'Needs a value.' : undefined);
  const answer = await typed({ title, prompt, value: '' }, { password: true, back: false, problem });
  return typeof answer === 'object' ? answer.value : undefined;
}

function askOne(asked: AskedInput, words: InputWords, back: boolean): Promise<Answer> {
  const choices = inputChoices(asked);
  if (choices !== undefined) return chosen(asked, choices, words, back);
  return typed(words, {
    password: asked.type === 'secret',
    back,
    problem: text => inputProblem(asked, text),
    ...(asked.wrong === undefined ? {} : { wrong: asked.wrong }),
    ...(asked.default === undefined ? {} : { placeholder: `empty: ${asked.default}` }),
  });
}

function chosen(
  asked: AskedInput,
  choices: readonly string[],
  { title, prompt }: InputWords,
  back: boolean,
): Promise<Answer> {
  const box = createPick(title, prompt);
  fillPick(
    box,
    choices.map(label => ({ label, ...described(asked, label) })),
  );
  return answered(box, back, done =>
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
  return answered(box, options.back, done => {
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

/** Shows the box until there is an answer; closing it is none. */
function answered(
  box: Pick<
    vscode.InputBox,
    'buttons' | 'dispose' | 'hide' | 'ignoreFocusOut' | 'onDidHide' | 'onDidTriggerButton' | 'show'
  >,
  back: boolean,
  listen: (done: (answer: Answer) => void) => vscode.Disposable,
): Promise<Answer> {
  box.ignoreFocusOut = true;
  if (back) box.buttons = [vscode.QuickInputButtons.Back];
  return new Promise<Answer>(resolve => {
    const done = (answer: Answer) => {
      resolve(answer);
      box.hide();
    };
    const subscriptions = vscode.Disposable.from(
      listen(done),
      box.onDidTriggerButton(() => done('back')),
      box.onDidHide(() => {
        resolve(undefined);
        subscriptions.dispose();
        box.dispose();
      }),
    );
    box.show();
  });
}
