import * as vscode from 'vscode';
import { pick } from '../../quickInput';
import type { IndexedRunbook, RunbookIndex } from '../../views/runbooks/runbookIndex';
import { cellAtCursor, type CellPlace } from '../arguments';
import { notebookType } from '../names';
import type { RunCommands } from '../runCommands';

/**
 * Runs the cell in front once on a target, whatever target it names; its file stays as it is. The cell in front is the
 * chosen one of a notebook, or that at the cursor of a Markdown file; where neither is, the person chooses one.
 */
export async function runCellHere(
  target: string,
  runs: Pick<RunCommands, 'run' | 'runCell'>,
  index: Pick<RunbookIndex, 'all'>,
): Promise<void> {
  const editor = vscode.window.activeNotebookEditor;
  const cells = editor === undefined ? [] : chosenCells(editor);
  if (editor !== undefined && cells.length > 0) {
    await runs.run(editor.notebook, cells, { target });
    return;
  }
  const place = cellAtCursor() ?? (await pickCell(target, await index.all(), editor?.notebook.uri));
  if (place !== undefined) await runs.runCell(place, { target });
}

function chosenCells({ notebook, selections }: vscode.NotebookEditor): vscode.NotebookCell[] {
  if (notebook.notebookType !== notebookType) return [];
  const chosen = selections.flatMap(range => notebook.getCells(range));
  return chosen.filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
}

/** Lets the person choose among all cells of the workspace, those of the runbook in front first. */
async function pickCell(
  target: string,
  runbooks: readonly IndexedRunbook[],
  front: vscode.Uri | undefined,
): Promise<CellPlace | undefined> {
  const isFront = ({ uri }: IndexedRunbook): boolean => uri.toString() === front?.toString();
  const ordered = [...runbooks.filter(isFront), ...runbooks.filter(one => !isFront(one))];
  const items = ordered.flatMap(({ uri, path, outline }) =>
    outline.sections.flatMap(({ cells }) =>
      cells.map(({ name, command, key, line }) => ({
        place: { uri, key },
        label: name,
        description: `${path}:${line}`,
        detail: command,
      })),
    ),
  );
  if (items.length === 0)
    throw new Error('No runbook here has a cell. A cell is a fenced block that can run, such as ```sh.');
  const title = `Run Which Cell on ${target}?`;
  return (await pick(items, { title, matchOnDescription: true, matchOnDetail: true }))?.place;
}
