import * as vscode from 'vscode';

/** Scheme of the read-only documents that tell of containers; names nothing outside the window. */
export const textPageScheme = 'handrail-text';

const gone = 'This is from before the window was reloaded. Ask for it again where it came from.\n';
/** Pages that are kept; a person looks at a few. */
const most = 30;

/** Read-only documents in an ordinary editor, so that they fold, can be searched and compared. */
export class TextPages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #pages = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();

  readonly onDidChange = this.#changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#pages.get(uri.toString()) ?? gone;
  }

  /**
   * Shows a page. `name`: its file's name, whose ending tells its language. `key`: tells pages of one name apart, and
   * stays in the document's address. One that is shown already is renewed.
   */
  async show(name: string, key: string, text: string): Promise<void> {
    const uri = vscode.Uri.from({
      scheme: textPageScheme,
      path: `/${name.replaceAll('/', '∕')}`,
      query: key,
    });
    this.put(uri, text);
    await vscode.window.showTextDocument(uri, { preview: true });
  }

  /** Gives a page that is shown another text. */
  put(uri: vscode.Uri, text: string): void {
    const id = uri.toString();
    this.#pages.delete(id);
    this.#pages.set(id, text);
    const oldest = this.#pages.size > most ? this.#pages.keys().next().value : undefined;
    if (oldest !== undefined) this.#pages.delete(oldest);
    this.#changed.fire(uri);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
