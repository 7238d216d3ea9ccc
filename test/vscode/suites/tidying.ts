import * as assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { cellWith, inWorkspace, openRunbook } from '../host/notebook';

const file = 'heredoc.runbook.md';

describe('With settings that trim blanks and line ends when a file is saved', () => {
  it('an edited cell is saved, however often, and the others stay as they are', async () => {
    const before = await text();
    const notebook = await openRunbook(file);
    for (const word of ['one', 'two', 'three']) {
      const change = new vscode.WorkspaceEdit();
      change.insert(cellWith(notebook, 'echo edited').document.uri, new vscode.Position(0, 0), `: ${word};`);
      assert.ok(await vscode.workspace.applyEdit(change), 'the edit was taken');
      assert.equal(await notebook.save(), true, `saved after ${word}`);
      assert.equal(notebook.isDirty, false);
    }
    const edited = ': three;: two;: one;echo edited\necho kept\n';
    assert.equal(await text(), before.replace('echo edited   \necho kept   \n', edited));
  });
});

function text(): Promise<string> {
  return readFile(inWorkspace(file), 'utf8');
}
