import * as vscode from 'vscode';

/** Scheme of the pages that Handrail makes; names nothing outside the window. */
export const pageScheme = 'handrail';

const gone = 'This page is from before the window was reloaded. Ask for it again where it came from.\n';
/** Pages that are kept; a person looks at a few. */
const most = 30;

/** Read-only Markdown pages that are made for a person: plans, comparisons. Shown in VS Code's own preview. */
export class VirtualPages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #pages = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();

  readonly onDidChange = this.#changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#pages.get(uri.toString()) ?? gone;
  }

  /**
   * Shows a page; one of the same title and `about` that is shown already is renewed.
   *
   * @param about what tells it from others with its title: a path, an id
   */
  async show(title: string, about: string, text: string): Promise<void> {
    const uri = vscode.Uri.from({
      scheme: pageScheme,
      path: `/${title.replaceAll('/', '∕')}.md`,
      query: about,
    });
    const key = uri.toString();
    this.#pages.delete(key);
    this.#pages.set(key, text);
    const oldest = this.#pages.size > most ? this.#pages.keys().next().value : undefined;
    if (oldest !== undefined) this.#pages.delete(oldest);
    this.#changed.fire(uri);
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
