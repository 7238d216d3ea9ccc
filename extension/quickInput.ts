import * as vscode from 'vscode';
import { iconless } from './iconless';
import { unlinked } from './unlinked';

// All that VS Code asks at the top of its window. It makes icons of `$(name)` and links that run commands of
// `[words](command:id)`; what is shown here may be a runbook's or a container's, so it is shown as it is written.

/** Lets a person choose; undefined where they press Escape. */
export async function pick<T extends vscode.QuickPickItem>(
  items: readonly T[] | Promise<readonly T[]>,
  options: vscode.QuickPickOptions,
): Promise<T | undefined> {
  const all = Promise.resolve(items).then(found => found.map(shown));
  return (await vscode.window.showQuickPick(all, words(options)))?.item;
}

/** Lets a person choose several; undefined where they press Escape. */
export async function pickMany<T extends vscode.QuickPickItem>(
  items: readonly T[],
  options: vscode.QuickPickOptions,
): Promise<T[] | undefined> {
  const chosen = await vscode.window.showQuickPick(items.map(shown), {
    ...words(options),
    canPickMany: true,
  });
  return chosen?.map(({ item }) => item);
}

/** Asks for a line of text; undefined where the person presses Escape. */
export function askText(options: vscode.InputBoxOptions): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    ...words(options),
    ...(options.validateInput && {
      validateInput: async text => checked(await options.validateInput?.(text)),
    }),
  });
}

/** A box to choose in that its caller fills and shows; {@link fillPick} gives it its items. */
export function createPick<T extends vscode.QuickPickItem>(
  title: string,
  placeholder: string,
): vscode.QuickPick<ShownItem<T>> {
  return Object.assign(vscode.window.createQuickPick<ShownItem<T>>(), words({ title, placeholder }));
}

export function fillPick<T extends vscode.QuickPickItem>(
  box: vscode.QuickPick<ShownItem<T>>,
  items: readonly T[],
): void {
  box.items = items.map(shown);
}

/** A box for a line of text; {@link tellWrong} says what is wrong with it. */
export function createInput(
  options: Pick<vscode.InputBoxOptions, 'title' | 'prompt' | 'value' | 'password'> & {
    readonly placeholder?: string;
  },
): vscode.InputBox {
  return Object.assign(vscode.window.createInputBox(), words(options));
}

export function tellWrong(box: vscode.InputBox, what: string | undefined): void {
  box.validationMessage = what === undefined ? undefined : plain(what);
}

/** An item as VS Code gets it, with the one it stands for. */
export interface ShownItem<T> extends vscode.QuickPickItem {
  readonly item: T;
}

function shown<T extends vscode.QuickPickItem>(item: T): ShownItem<T> {
  return { ...words(item), item };
}

const texts: ReadonlySet<string> = new Set([
  'label',
  'description',
  'detail',
  'title',
  'prompt',
  'placeHolder',
  'placeholder',
]);

function words<T extends object>(of: T): T {
  return Object.fromEntries(
    Object.entries(of).map(([key, value]): [string, unknown] => [
      key,
      texts.has(key) && typeof value === 'string' ? plain(value) : value,
    ]),
  ) as T;
}

type Problem = string | vscode.InputBoxValidationMessage | undefined | null;

function checked(problem: Problem): Problem {
  if (typeof problem === 'string') return plain(problem);
  return problem && { ...problem, message: plain(problem.message) };
}

function plain(text: string): string {
  return iconless(unlinked(text));
}
