import * as assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { cellWith, inWorkspace, openRunbook } from '../host/notebook';
import { waitFor } from '../host/waitFor';

describe('The extension', () => {
  it('activates', async () => {
    const extension = vscode.extensions.getExtension('handrail.handrail');
    assert.ok(extension, 'handrail.handrail is installed');
    await extension.activate();
    assert.ok(extension.isActive);
  });

  it('opens *.runbook.md as a notebook by default', async () => {
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(inWorkspace('shop.runbook.md')));
    await waitFor(
      'a notebook editor',
      () => vscode.window.activeNotebookEditor?.notebook.notebookType === 'handrail-runbook',
    );
  });

  it('leaves every other *.md as text by default', async () => {
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(inWorkspace('restart.md')));
    await waitFor('a text editor', () =>
      vscode.window.activeTextEditor?.document.fileName.endsWith('restart.md'),
    );
  });
});

describe('A Markdown file opened as a runbook', () => {
  for (const name of ['restart.md', 'crlf.md', 'odd.md']) {
    it(`${name}: edited, saved, undone and saved is the same to the byte`, async () => {
      const before = await readFile(inWorkspace(name));
      const document = await openRunbook(name);
      const last = document.cellCount;
      const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, 'echo more', 'shellscript');
      await edit(document, vscode.NotebookEdit.insertCells(last, [cell]));
      assert.ok(await document.save());
      assert.notDeepEqual(await readFile(inWorkspace(name)), before, 'the new cell was written');
      await edit(document, vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(last, last + 1)));
      assert.ok(await document.save());
      assert.deepEqual(await readFile(inWorkspace(name)), before);
    });
  }

  it('writes only the line of a cell that was edited', async () => {
    const path = inWorkspace('restart.md');
    const before = await readFile(path, 'utf8');
    const document = await openRunbook('restart.md');
    const cell = cellWith(document, 'echo drain').document;
    const change = new vscode.WorkspaceEdit();
    change.insert(cell.uri, new vscode.Position(0, 'echo drain'.length), 'ed');
    await vscode.workspace.applyEdit(change);
    assert.ok(await document.save());
    assert.equal(await readFile(path, 'utf8'), before.replace('echo drain', 'echo drained'));
    await writeFile(path, before);
  });
});

async function edit(document: vscode.NotebookDocument, change: vscode.NotebookEdit): Promise<void> {
  const workspaceEdit = new vscode.WorkspaceEdit();
  workspaceEdit.set(document.uri, [change]);
  assert.ok(await vscode.workspace.applyEdit(workspaceEdit), 'the edit was taken');
}
