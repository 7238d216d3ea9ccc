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
    return this.#pages.get(uri.path) ?? gone;
  }

  /** Shows a page by its title; one that is shown already is renewed. */
  async show(title: string, text: string): Promise<void> {
    const path = `/${title.replaceAll('/', '∕')}.md`;
    const uri = vscode.Uri.from({ scheme: pageScheme, path });
    this.#pages.delete(path);
    this.#pages.set(path, text);
    const oldest = this.#pages.size > most ? this.#pages.keys().next().value : undefined;
    if (oldest !== undefined) this.#pages.delete(oldest);
    this.#changed.fire(uri);
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
