import * as vscode from 'vscode';

/** Scheme of both sides of comparisons. */
const comparedScheme = 'handrail-compared';

/** What is compared; an empty side is not there. */
export interface ComparedPage {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** Comparisons that are kept; a person looks at one. */
const most = 5;

/** Objects as they run beside what would run, in VS Code's own editor for changes. */
export class ComparedPages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #pages = new Map<string, Map<string, string>>();
  readonly #registered = vscode.workspace.registerTextDocumentContentProvider(comparedScheme, this);
  #last = 0;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#pages.get(uri.query)?.get(uri.toString()) ?? '';
  }

  /** Shows changes: one in the editor for a pair, several in the one for many. */
  async show(title: string, all: readonly ComparedPage[]): Promise<void> {
    await this.close(title);
    // Documents of their own each time: nobody sees those of the time before.
    const key = `${title} ${++this.#last}`;
    const texts = new Map<string, string>();
    const resources = all.map(({ name, before, after }) => {
      const [left, right] = [uriOf(key, name, 'running'), uriOf(key, name, 'wanted')];
      texts.set(left.toString(), before);
      texts.set(right.toString(), after);
      return { left, right, before, after };
    });
    this.#pages.set(key, texts);
    const oldest = this.#pages.size > most ? this.#pages.keys().next().value : undefined;
    if (oldest !== undefined) this.#pages.delete(oldest);
    const [only, ...others] = resources;
    if (only === undefined) return;
    if (others.length === 0) {
      await vscode.commands.executeCommand('vscode.diff', only.left, only.right, title, { preview: true });
      return;
    }
    const changes = resources.map(({ left, right, before, after }) => [
      after === '' ? left : right,
      before === '' ? undefined : left,
      after === '' ? undefined : right,
    ]);
    await vscode.commands.executeCommand('vscode.changes', title, changes);
  }

  /** Closes the comparison of a title; that of many has their number behind it. */
  async close(title: string): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap(group => group.tabs);
    await vscode.window.tabGroups.close(tabs.filter(({ label }) => label.startsWith(title)));
  }

  dispose(): void {
    this.#registered.dispose();
  }
}

function uriOf(key: string, name: string, side: 'running' | 'wanted'): vscode.Uri {
  return vscode.Uri.from({ scheme: comparedScheme, authority: side, path: `/${name}`, query: key });
}
