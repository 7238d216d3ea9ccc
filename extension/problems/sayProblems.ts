import * as vscode from 'vscode';
import { frontMatterDiagnostics } from '../../agent/runbook/allDiagnostics';
import type { Runbook } from '../../agent/runbook/model';
import { runbookName } from '../../agent/runbook/runbookName';
import { unlinked } from '../unlinked';

/** What was said of each notebook last. */
const said = new WeakMap<vscode.NotebookDocument, string>();

/** Says that cells run without what is wrong in the front matter; once, until something else is wrong. Never rejects. */
export async function sayProblems(notebook: vscode.NotebookDocument, runbook: Runbook): Promise<void> {
  const found = frontMatterDiagnostics(runbook);
  const [first] = found;
  const words = found.map(({ message }) => message).join('\n');
  if (first === undefined || said.get(notebook) === words) return;
  said.set(notebook, words);
  const show = 'Show Problems';
  const count = found.length === 1 ? 'a problem' : `${String(found.length)} problems`;
  const answer = await vscode.window.showWarningMessage(
    unlinked(
      `The front matter of ${runbookName(notebook.uri.fsPath)} has ${count}; its cells run without what is wrong. Line ${String(first.line)}: ${first.message}`,
    ),
    show,
  );
  if (answer === show) await vscode.commands.executeCommand('workbench.actions.view.problems');
}
