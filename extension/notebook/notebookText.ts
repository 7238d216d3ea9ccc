import type * as vscode from 'vscode';
import { decodeSource } from '../../agent/runbook/decode';
import type { Cell, Runbook } from '../../agent/runbook/model';
import { cellIndexes, writeNotebook } from '../../agent/runbook/notebook';
import { parseRunbook } from '../../agent/runbook/parseRunbook';
import { fromOpenCell, untrimmed } from './cells';
import { Readings } from './readings';

/** A notebook as the file it would be saved as, which is what a run is given. */
export interface NotebookText {
  readonly text: string;
  readonly runbook: Runbook;
  /** What the cell runs; undefined where it does not run. */
  cellOf(cell: vscode.NotebookCell): Cell | undefined;
  /** The notebook's cell for an index into the runbook's cells. */
  cellAt(index: number): vscode.NotebookCell | undefined;
}

const readings = new Readings<vscode.NotebookDocument, NotebookText>(
  document =>
    document
      .getCells()
      .flatMap(cell => [cell, cell.document.version, cell.document.languageId, cell.metadata]),
  document => read(document.getCells()),
);

/**
 * The text of an open notebook, parsed; kept until a cell changes.
 *
 * @throws WriteRefused where the cells cannot be written as Markdown.
 */
export function notebookText(document: vscode.NotebookDocument): NotebookText {
  return readings.now(document);
}

/**
 * The text as it was when it was last asked for: what is shown while a person types, when writing and parsing all
 * cells for each key would hold up the window. Undefined where the cells could not be written then, which is told
 * when they are saved or run.
 */
export function lastNotebookText(document: vscode.NotebookDocument): NotebookText | undefined {
  return readings.last(document);
}

/** Has {@link lastNotebookText} speak of the notebook as it stands. */
export function refreshNotebookText(document: vscode.NotebookDocument): void {
  readings.refresh(document);
}

function read(cells: readonly vscode.NotebookCell[]): NotebookText {
  const plain = cells.map(fromOpenCell).map(untrimmed);
  const text = decodeSource(writeNotebook(plain));
  const runbook = parseRunbook(text);
  const indexes = cellIndexes(plain);
  const indexOf = new Map(cells.map((cell, i) => [cell, indexes[i]]));
  const cellOf = new Map<number, vscode.NotebookCell>();
  for (const [cell, index] of indexOf) if (index !== undefined) cellOf.set(index, cell);
  return {
    text,
    runbook,
    cellOf: cell => {
      const index = indexOf.get(cell);
      return index === undefined ? undefined : runbook.cells[index];
    },
    cellAt: index => cellOf.get(index),
  };
}
