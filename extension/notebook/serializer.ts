import * as vscode from 'vscode';
import { readNotebook, writeNotebook } from '../../agent/runbook/notebook';
import { fromNotebookCell, toCellData, untrimmed } from './cells';

/**
 * Markdown to cells and back, by the format's own code: a pure function of the cells, which carry what they were read
 * from. What cannot be read throws, so that VS Code offers the file as text; what cannot be written refuses the save.
 */
export class RunbookSerializer implements vscode.NotebookSerializer {
  deserializeNotebook(content: Uint8Array): vscode.NotebookData {
    return new vscode.NotebookData(readNotebook(content).cells.map(toCellData));
  }

  serializeNotebook(data: vscode.NotebookData): Uint8Array {
    return writeNotebook(data.cells.map(fromNotebookCell).map(untrimmed));
  }
}
