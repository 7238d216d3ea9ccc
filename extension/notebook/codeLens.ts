import * as vscode from 'vscode';
import { cellKeys, type CellKey } from '../../agent/runbook/cellKey';
import type { Cell, Runbook } from '../../agent/runbook/model';
import { parseRunbook } from '../../agent/runbook/parseRunbook';
import { commands, settings } from '../commands/names';

/** A larger text is not parsed at each key press. */
const mostCharacters = 2_000_000;

/** *Run* above each cell of a Markdown file that is open as text. */
export class RunLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];

  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor() {
    this.#subscriptions = [
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#changed.fire()),
      vscode.workspace.onDidChangeConfiguration(event => {
        if (event.affectsConfiguration(settings.codeLens)) this.#changed.fire();
      }),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const wanted = vscode.workspace.getConfiguration(undefined, document).get<boolean>(settings.codeLens);
    if (wanted === false) return [];
    const text = document.getText();
    if (text.length > mostCharacters) return [];
    const runbook = parseRunbook(text);
    const keys = cellKeys(runbook);
    return runbook.cells.map((cell, i) => lens(document.uri, cell, keys[i], vscode.workspace.isTrusted));
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}

/** The cell that a line of a text stands in. */
export function cellAtLine(runbook: Runbook, line: number): Cell | undefined {
  return runbook.cells.find(
    ({ line: first, span }) =>
      first <= line && line < first + runbook.source.slice(span.start, span.end).split('\n').length,
  );
}

function lens(uri: vscode.Uri, cell: Cell, key: CellKey | undefined, trusted: boolean): vscode.CodeLens {
  const range = new vscode.Range(cell.line - 1, 0, cell.line - 1, 0);
  return new vscode.CodeLens(
    range,
    trusted
      ? {
          title: '$(play) Run',
          tooltip: `Open as a runbook and run ${cell.name} there`,
          command: commands.runCell,
          arguments: [uri, key],
        }
      : {
          title: '$(workspace-untrusted) Run',
          tooltip: 'Restricted Mode: nothing runs. Manage Workspace Trust…',
          command: 'workbench.trust.manage',
        },
  );
}
