import * as assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { cellWith, ended, inWorkspace, openRunbook, run } from '../host/notebook';

const file = 'heredoc.runbook.md';

describe('With settings that trim blanks when a file is saved', () => {
  it('only the edited cell is trimmed, and a heredoc keeps and runs its blanks', async () => {
    const before = await text(file);
    const notebook = await openRunbook(file);
    const change = new vscode.WorkspaceEdit();
    change.insert(cellWith(notebook, 'echo edited').document.uri, new vscode.Position(0, 0), 'env ');
    assert.ok(await vscode.workspace.applyEdit(change), 'the edit was taken');
    assert.ok(await notebook.save());

    const edited = 'env echo edited\necho kept\n';
    assert.equal(await text(file), before.replace('echo edited   \necho kept   \n', edited));
    assert.equal(notebook.isDirty, false);

    const cell = cellWith(notebook, 'cat <<EOF');
    await run(cell);
    assert.equal(await ended(cell), true);
    assert.equal(await text('wanted'), 'two blanks  \n   \n');
  });
});

function text(name: string): Promise<string> {
  return readFile(inWorkspace(name), 'utf8');
}
