import type * as vscode from 'vscode';
import { decodeSource } from '../../agent/runbook/decode';
import type { Cell, Runbook } from '../../agent/runbook/model';
import { cellIndexes, writeNotebook } from '../../agent/runbook/notebook';
import { parseRunbook } from '../../agent/runbook/parseRunbook';
import { fromOpenCell, untrimmed } from './cells';

/** A notebook as the file it would be saved as, which is what a run is given. */
export interface NotebookText {
  readonly text: string;
  readonly runbook: Runbook;
  /** What the cell runs; undefined where it does not run. */
  cellOf(cell: vscode.NotebookCell): Cell | undefined;
  /** The notebook's cell for an index into the runbook's cells. */
  cellAt(index: number): vscode.NotebookCell | undefined;
}

interface Remembered {
  readonly cells: readonly {
    cell: vscode.NotebookCell;
    version: number;
    language: string;
    metadata: unknown;
  }[];
  readonly view: NotebookText;
}

const remembered = new WeakMap<vscode.NotebookDocument, Remembered>();

/**
 * The text of an open notebook, parsed; kept until a cell changes.
 *
 * @throws WriteRefused where the cells cannot be written as Markdown.
 */
export function notebookText(document: vscode.NotebookDocument): NotebookText {
  const known = remembered.get(document);
  const cells = document.getCells();
  if (known !== undefined && unchanged(known, cells)) return known.view;
  const view = read(cells);
  remembered.set(document, {
    cells: cells.map(cell => ({
      cell,
      version: cell.document.version,
      language: cell.document.languageId,
      metadata: cell.metadata,
    })),
    view,
  });
  return view;
}

function unchanged(known: Remembered, cells: readonly vscode.NotebookCell[]): boolean {
  return (
    known.cells.length === cells.length &&
    known.cells.every(({ cell, version, language, metadata }, i) => {
      const now = cells[i];
      if (now !== cell) return false;
      return (
        now.document.version === version && now.document.languageId === language && now.metadata === metadata
      );
    })
  );
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
