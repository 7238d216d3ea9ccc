import * as assert from 'node:assert/strict';
import { access, readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { recordedRun, recordedRuns } from '../host/agent';
import { cellWith, ended, inWorkspace, openRunbook, plainText, run, stop } from '../host/notebook';
import { hasPage, page } from '../host/page';
import { waitFor } from '../host/waitFor';

const file = 'watched.runbook.md';
let notebook: vscode.NotebookDocument;

describe('A notebook keeps what its cells have shown', () => {
  before(async () => {
    notebook = await openRunbook(file);
    await run(cellWith(notebook, 'quick output'));
    assert.equal(await ended(cellWith(notebook, 'quick output')), true);
  });

  it('when it is closed and opened again', async () => {
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    notebook = await openRunbook(file);
    await waitFor('the old output', () => plainText(cellWith(notebook, 'quick output')) === 'quick output\n');
    assert.equal(notebook.isDirty, false);
  });

  it('when another program changes the file', async () => {
    await changeOnDisk('Some text.', 'Some other text.');
    await waitFor('the old output', () => plainText(cellWith(notebook, 'quick output')) === 'quick output\n');
    assert.equal(await ended(cellWith(notebook, 'quick output')), true);
    assert.equal(notebook.isDirty, false);
  });

  it('and when that happens in mid-run, the run goes on', async () => {
    await run(cellWith(notebook, 'slow'));
    await waitFor('the run', async () => (await recordedRuns())[0]?.state === 'running');
    await changeOnDisk('Some other text.', 'Some text.');
    const cell = await waitFor('the cell shown as running', () => {
      const found = cellWith(notebook, 'slow');
      return found.outputs.length > 0 && found.executionSummary?.success === undefined ? found : undefined;
    });
    assert.equal(await ended(cell), true);
    const text = await waitFor('its text/plain', () => plainText(cellWith(notebook, 'slow')));
    assert.equal([...text.matchAll(/slow \d+\./g)].length, 80);
    assert.equal((await recordedRuns())[0]?.state, 'passed');
  });

  it('when a running cell is deleted and the deletion undone', async () => {
    await run(cellWith(notebook, 'slow'));
    await waitFor('the run', async () => (await recordedRuns())[0]?.state === 'running');
    const { index } = cellWith(notebook, 'slow');
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(index, index + 1))]);
    assert.ok(await vscode.workspace.applyEdit(edit));
    await vscode.commands.executeCommand('undo');
    await waitFor('the cell to be back with its output', () => cellWith(notebook, 'slow').outputs.length > 0);
    assert.equal(await ended(cellWith(notebook, 'slow')), true);
    assert.equal((await recordedRuns())[0]?.state, 'passed', 'nobody stopped it');
    await notebook.save();
  });

  it('but not what a person cleared', async () => {
    await vscode.commands.executeCommand('notebook.clearAllCellsOutputs');
    await waitFor('no output', () => notebook.getCells().every(cell => cell.outputs.length === 0));
    await run(cellWith(notebook, 'before'));
    assert.equal(await ended(cellWith(notebook, 'before')), false);
    await changeOnDisk('Some text.', 'Some more text.');
    await run(cellWith(notebook, 'before'));
    assert.equal(await ended(cellWith(notebook, 'before')), false);
    assert.equal(cellWith(notebook, 'quick output').outputs.length, 0);
  });
});

describe('A cell that asks first', () => {
  // VS Code shows no dialog to a test: it refuses, and nobody has approved anything.
  it('waits for an answer, and does not run when it is stopped', async () => {
    const cell = cellWith(notebook, 'touch');
    await run(cell);
    await waitFor('the question', async () => {
      const [last] = await recordedRuns();
      return last && (await recordedRun(last.id)).steps.some(({ asks }) => asks !== undefined);
    });
    await stop(cell);
    await waitFor('the end', async () => (await recordedRuns())[0]?.state === 'cancelled');
    await assert.rejects(access(inWorkspace('it-was-restarted')), { code: 'ENOENT' });
  });
});

describe('Run above a cell in text', () => {
  it('opens the file as a runbook and runs it there', async function () {
    const uri = vscode.Uri.file(inWorkspace('plain.md'));
    await vscode.window.showTextDocument(uri);
    if (hasPage()) {
      await waitFor('the lenses', async () => (await page.texts('.codelens-decoration a')).length >= 2);
      await page.screenshot('lenses');
      await page.click('.codelens-decoration a');
    } else {
      await runByLens(uri);
    }
    const opened = await waitFor('the notebook', () => {
      const shown = vscode.window.activeNotebookEditor?.notebook;
      return shown?.uri.fsPath === uri.fsPath ? shown : undefined;
    });
    assert.equal(await ended(cellWith(opened, 'quick output')), true);
    assert.equal(
      vscode.window.tabGroups.activeTabGroup.tabs.filter(tab => tab.label === 'plain.md').length,
      1,
      'in place of the text',
    );
  });

  it('saves what was typed before', async () => {
    const uri = vscode.Uri.file(inWorkspace('plain.md'));
    await vscode.commands.executeCommand('handrail.openAsText', uri);
    const editor = await waitFor('the text editor', () =>
      vscode.window.activeTextEditor?.document.uri.fsPath === uri.fsPath
        ? vscode.window.activeTextEditor
        : undefined,
    );
    const line = editor.document.getText().split('\n').indexOf('echo quick output');
    await editor.edit(edit => edit.insert(new vscode.Position(line, 'echo quick output'.length), ' typed'));
    await runByLens(uri);
    const opened = vscode.window.activeNotebookEditor!.notebook;
    await waitFor('its output', () => plainText(cellWith(opened, 'quick output')) === 'quick output typed\n');
  });
});

describe('The link to a line', () => {
  it('puts the cursor on it, in its cell', async () => {
    notebook = await openRunbook(file);
    const source = await readFile(inWorkspace(file), 'utf8');
    const line = source.split('\n').indexOf('exit 7') + 1;
    await vscode.commands.executeCommand('handrail.goToLine', notebook.uri, line);
    const cell = cellWith(notebook, 'exit 7');
    await waitFor('the cursor', () => {
      const editor = vscode.window.activeTextEditor;
      return editor?.document === cell.document && editor.selection.active.line === 1;
    });
  });
});

/** Runs the first cell as the lens above it does. */
async function runByLens(uri: vscode.Uri): Promise<void> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    uri,
    1,
  );
  const command = lenses[0]?.command;
  assert.ok(command);
  await vscode.commands.executeCommand(command.command, ...(command.arguments as unknown[]));
}

async function changeOnDisk(from: string, to: string): Promise<void> {
  const path = inWorkspace(file);
  await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
  await waitFor('the change in the notebook', () =>
    notebook.getCells().some(cell => cell.document.getText().includes(to)),
  );
}
