import * as assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { waitFor } from '../host/waitFor';

const folder = () => vscode.workspace.workspaceFolders![0]!.uri.fsPath;

async function openNotebook(name: string): Promise<vscode.NotebookDocument> {
  const uri = vscode.Uri.file(join(folder(), name));
  await vscode.commands.executeCommand('vscode.openWith', uri, 'handrail-runbook');
  return waitFor(`${name} open as notebook`, () =>
    vscode.workspace.notebookDocuments.find(document => document.uri.fsPath === uri.fsPath),
  );
}

describe('The extension', () => {
  it('activates', async () => {
    const extension = vscode.extensions.getExtension('handrail.handrail');
    assert.ok(extension, 'handrail.handrail is installed');
    await extension.activate();
    assert.ok(extension.isActive);
  });

  it('opens *.runbook.md as a notebook by default', async () => {
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(join(folder(), 'shop.runbook.md')));
    await waitFor(
      'a notebook editor',
      () => vscode.window.activeNotebookEditor?.notebook.notebookType === 'handrail-runbook',
    );
  });

  it('leaves every other *.md as text by default', async () => {
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(join(folder(), 'restart.md')));
    await waitFor('a text editor', () =>
      vscode.window.activeTextEditor?.document.fileName.endsWith('restart.md'),
    );
  });
});

describe('A Markdown file opened as a runbook', () => {
  for (const name of ['restart.md', 'crlf.md', 'odd.md']) {
    it(`${name}: saved without an edit is the same to the byte`, async () => {
      const path = join(folder(), name);
      const before = await readFile(path);
      // Older than now, so that a write is seen even if it writes the same.
      const document = await openNotebook(name);
      const last = document.cellCount;
      const edit = new vscode.WorkspaceEdit();
      const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, 'echo more', 'shellscript');
      edit.set(document.uri, [vscode.NotebookEdit.insertCells(last, [cell])]);
      await vscode.workspace.applyEdit(edit);
      await document.save();
      assert.notDeepEqual(await readFile(path), before, 'the edit was written');
      const undo = new vscode.WorkspaceEdit();
      undo.set(document.uri, [vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(last, last + 1))]);
      await vscode.workspace.applyEdit(undo);
      await document.save();
      assert.deepEqual(await readFile(path), before);
    });
  }

  it('a one-line edit of a cell changes that line only', async () => {
    const path = join(folder(), 'restart.md');
    const before = await readFile(path, 'utf8');
    const document = await openNotebook('restart.md');
    const cell = document.getCells().find(candidate => candidate.document.getText().includes('echo drain'));
    assert.ok(cell, 'the cell is there');
    const edit = new vscode.WorkspaceEdit();
    const whole = new vscode.Range(0, 0, cell.document.lineCount, 0);
    edit.replace(cell.document.uri, whole, cell.document.getText().replace('echo drain', 'echo drained'));
    await vscode.workspace.applyEdit(edit);
    await document.save();
    assert.equal(await readFile(path, 'utf8'), before.replace('echo drain', 'echo drained'));
    await writeFile(path, before);
  });
});
