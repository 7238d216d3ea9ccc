import * as vscode from 'vscode';
import type { NotebookCell } from '../../agent/runbook/notebook';
import { isOnlyTidied, withTextAsRead } from '../../agent/runbook/trailingBlanks';

/** A cell of the format as VS Code wants it. */
export function toCellData(cell: NotebookCell): vscode.NotebookCellData {
  const data = new vscode.NotebookCellData(
    cell.kind === 'markup' ? vscode.NotebookCellKind.Markup : vscode.NotebookCellKind.Code,
    cell.text,
    cell.languageId,
  );
  if (cell.metadata !== undefined) data.metadata = cell.metadata;
  return data;
}

/** What VS Code hands to the serializer, as a cell of the format. */
export function fromNotebookCell(data: vscode.NotebookCellData): NotebookCell {
  return cell(data.kind, data.languageId, data.value, data.metadata);
}

/** A cell as it stands in an open notebook. */
export function fromOpenCell(open: vscode.NotebookCell): NotebookCell {
  return cell(open.kind, open.document.languageId, open.document.getText(), open.metadata);
}

/**
 * A cell as it is saved and run. With `files.trimTrailingWhitespace`, `files.insertFinalNewline` and
 * `files.trimFinalNewlines` VS Code changes all cells at each save, also those that nobody edited, and a heredoc would
 * be another one then: what was only tidied counts as it was read.
 */
export function untrimmed(cell: NotebookCell): NotebookCell {
  const all = { blanks: true, finalNewlines: true };
  if (!isOnlyTidied(cell, all)) return cell;
  const files = vscode.workspace.getConfiguration('files', { languageId: cell.languageId });
  const tidying = {
    blanks: files.get('trimTrailingWhitespace', false),
    finalNewlines: files.get('insertFinalNewline', false) || files.get('trimFinalNewlines', false),
  };
  return isOnlyTidied(cell, tidying) ? withTextAsRead(cell) : cell;
}

function cell(
  kind: vscode.NotebookCellKind,
  languageId: string,
  text: string,
  metadata: Record<string, unknown> | undefined,
): NotebookCell {
  return {
    kind: kind === vscode.NotebookCellKind.Markup ? 'markup' : 'code',
    languageId,
    text,
    ...(metadata === undefined ? {} : { metadata }),
  };
}
