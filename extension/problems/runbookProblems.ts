import * as vscode from 'vscode';
import { allDiagnostics } from '../../agent/runbook/allDiagnostics';
import { metadataOf } from '../../agent/runbook/cellOrigin';
import { findFrontMatter } from '../../agent/runbook/frontMatter';
import type { Diagnostic, Runbook } from '../../agent/runbook/model';
import { parseRunbook } from '../../agent/runbook/parseRunbook';
import { notebookType } from '../commands/names';
import { fromOpenCell } from '../notebook/cells';
import { lastNotebookText, refreshNotebookText } from '../notebook/notebookText';
import { placeDiagnostic, type ShownRange, type ShownText } from './placeDiagnostics';

/** How long nothing may be typed before a text is looked through. */
const pauseMs = 300;
/** A larger text is not looked through while somebody types. */
const mostCharacters = 2_000_000;

/**
 * What is wrong in the runbooks that are open, as text or as notebooks, in VS Code's list of problems and where it
 * stands. Nothing is planned or run for it.
 */
export class RunbookProblems implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('handrail');
  readonly #subscriptions: readonly vscode.Disposable[];
  readonly #pauses = new Map<object, NodeJS.Timeout>();
  /** Where problems of a notebook were told. */
  readonly #told = new Map<vscode.NotebookDocument, readonly vscode.Uri[]>();

  constructor() {
    const { workspace } = vscode;
    this.#subscriptions = [
      workspace.onDidOpenTextDocument(document => this.#soon(document, () => this.#ofText(document))),
      workspace.onDidChangeTextDocument(({ document }) => this.#soon(document, () => this.#ofText(document))),
      workspace.onDidCloseTextDocument(document => {
        this.#forget(document);
        if (isRunbookText(document)) this.#collection.delete(document.uri);
      }),
      workspace.onDidOpenNotebookDocument(notebook => this.#soon(notebook, () => this.#ofNotebook(notebook))),
      workspace.onDidChangeNotebookDocument(({ notebook }) =>
        this.#soon(notebook, () => this.#ofNotebook(notebook)),
      ),
      workspace.onDidCloseNotebookDocument(notebook => {
        this.#forget(notebook);
        this.#clear(notebook);
      }),
    ];
    for (const document of workspace.textDocuments) this.#soon(document, () => this.#ofText(document));
    for (const notebook of workspace.notebookDocuments)
      this.#soon(notebook, () => this.#ofNotebook(notebook));
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const pause of this.#pauses.values()) clearTimeout(pause);
    this.#collection.dispose();
  }

  #soon(document: vscode.TextDocument | vscode.NotebookDocument, look: () => void): void {
    const isOurs =
      'notebookType' in document ? document.notebookType === notebookType : isRunbookText(document);
    if (!isOurs) return;
    this.#forget(document);
    const pause = setTimeout(() => {
      this.#pauses.delete(document);
      if (!document.isClosed) look();
    }, pauseMs);
    this.#pauses.set(document, pause);
  }

  #forget(document: object): void {
    clearTimeout(this.#pauses.get(document));
    this.#pauses.delete(document);
  }

  #ofText(document: vscode.TextDocument): void {
    const text = document.getText();
    const runbook = text.length > mostCharacters ? undefined : parseRunbook(text);
    const found = runbook !== undefined && isMeant(runbook, document.uri) ? allDiagnostics(runbook) : [];
    const lines = text.split(/\r\n?|\n/);
    const whole = [{ line: 1, lines, before: 0 }];
    this.#collection.set(
      document.uri,
      found.map(one => made(one, placeDiagnostic(one, lines, whole)?.range)),
    );
  }

  /** What no cell shows is told of the file. */
  #ofNotebook(notebook: vscode.NotebookDocument): void {
    this.#clear(notebook);
    refreshNotebookText(notebook);
    const runbook = lastNotebookText(notebook)?.runbook;
    if (runbook === undefined || runbook.source.length > mostCharacters) return;
    const shown = shownCells(notebook, runbook);
    const lines = runbook.source.split(/\r\n?|\n/);
    const byUri = new Map<string, vscode.Diagnostic[]>();
    for (const one of allDiagnostics(runbook)) {
      const place = placeDiagnostic(
        one,
        lines,
        shown.map(({ text }) => text),
      );
      const uri = place === undefined ? notebook.uri : shown[place.text]?.cell.document.uri;
      const key = (uri ?? notebook.uri).toString();
      byUri.set(key, [...(byUri.get(key) ?? []), made(one, place?.range)]);
    }
    const uris = [...byUri.keys()].map(key => vscode.Uri.parse(key));
    for (const uri of uris) this.#collection.set(uri, byUri.get(uri.toString()));
    this.#told.set(notebook, uris);
  }

  #clear(notebook: vscode.NotebookDocument): void {
    for (const uri of this.#told.get(notebook) ?? []) this.#collection.delete(uri);
    this.#told.delete(notebook);
  }
}

interface ShownCell {
  readonly cell: vscode.NotebookCell;
  readonly text: ShownText;
}

function shownCells(notebook: vscode.NotebookDocument, runbook: Runbook): ShownCell[] {
  const view = lastNotebookText(notebook);
  return notebook.getCells().flatMap((cell): ShownCell[] => {
    const lines = cell.document.getText().split(/\r\n?|\n/);
    const runs = view?.cellOf(cell);
    if (runs !== undefined)
      return [{ cell, text: { line: runs.contentLine, lines, before: runs.contentLine - runs.line } }];
    if (metadataOf(fromOpenCell(cell)).origin?.role !== 'front-matter') return [];
    const { source } = runbook;
    const start = findFrontMatter(source)?.body.start ?? 0;
    const line = source.slice(0, start).split('\n').length;
    return [{ cell, text: { line, lines, before: line - 1 } }];
  });
}

function isRunbookText({ languageId, uri }: vscode.TextDocument): boolean {
  return languageId === 'markdown' && uri.scheme === 'file';
}

/** Of other Markdown files nobody wants to hear what Handrail thinks of them, until they open them as runbooks. */
function isMeant({ frontMatter }: Runbook, { path }: vscode.Uri): boolean {
  return path.endsWith('.runbook.md') || frontMatter?.handrail === true;
}

function made(found: Diagnostic, range: ShownRange | undefined): vscode.Diagnostic {
  const { line, start, end } = range ?? {
    line: found.line - 1,
    start: found.column - 1,
    end: found.column - 1,
  };
  const words = [found.message.replace(/\.$/, ''), found.hint].filter(part => part !== undefined).join('. ');
  const place = new vscode.Range(line, start, line, end);
  const diagnostic = new vscode.Diagnostic(place, words, severities[found.severity]);
  diagnostic.source = 'Handrail';
  diagnostic.code = found.code;
  return diagnostic;
}

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const;
