import * as assert from 'node:assert/strict';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { recordedRuns } from '../host/agent';
import { cellWith, ended, inWorkspace, openRunbook, run } from '../host/notebook';
import { hasPage, page } from '../host/page';
import { waitFor } from '../host/waitFor';

const file = 'chosen.runbook.md';
let notebook: vscode.NotebookDocument;

describe('Run from beside a notebook with unsaved changes', () => {
  let lenses: vscode.CodeLens[];

  before(async () => {
    notebook = await openRunbook(file);
    const uri = notebook.uri;
    await vscode.workspace.openTextDocument(uri);
    lenses = await vscode.commands.executeCommand('vscode.executeCodeLensProvider', uri, 20);
    await edit(vscode.NotebookEdit.insertCells(1, [shell('echo inserted >> ran')]));
    await edit(vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(3, 4)));
    await edit(vscode.NotebookEdit.insertCells(3, [shell('echo another >> ran')]));
    assert.ok(notebook.isDirty);
  });

  beforeEach(() => rm(inWorkspace('ran'), { force: true }));

  it('by a lens runs that very cell', async () => {
    await press(lenses[0]!);
    assert.equal(await ended(cellWith(notebook, 'echo first')), true);
    assert.equal(await ran('ran'), 'first\n');
  });

  it('by a row of the Runbooks view runs that very cell', async () => {
    const [uri, key] = lenses[0]!.command!.arguments as [vscode.Uri, unknown];
    await vscode.commands.executeCommand('handrail.runCell', { kind: 'cell', uri, cell: { key } });
    await waitFor('its end', async () => (await ran('ran')) !== '');
    assert.equal(await ran('ran'), 'first\n');
  });

  it('runs no other cell where that one has been replaced', async () => {
    const before = (await recordedRuns()).length;
    await press(lenses[1]!);
    if (hasPage()) {
      await vscode.commands.executeCommand('notifications.showList');
      await waitFor('the reason', async () =>
        (await page.texts('.notification-list-item')).some(text => text.includes('Nothing was run')),
      );
    }
    assert.equal((await recordedRuns()).length, before);
    assert.equal(await ran('ran'), '');
  });
});

describe('Run All', () => {
  before(async () => {
    await copyFile(inWorkspace(file), inWorkspace('all.runbook.md'));
    notebook = await openRunbook('all.runbook.md');
  });

  beforeEach(() => rm(inWorkspace('ran'), { force: true }));

  it('leaves out what is excluded, and does not run again what runs', async () => {
    const slow = cellWith(notebook, 'echo slow');
    await run(slow);
    await waitFor('the slow cell', async () => (await recordedRuns())[0]?.state === 'running');
    await vscode.commands.executeCommand('notebook.execute', notebook.uri);
    await writeFile(inWorkspace('go'), '');
    await waitFor('both runs', async () => {
      const [last, before] = await recordedRuns();
      return last?.state === 'passed' && before?.stepsTotal === 1 && before.state === 'passed';
    });
    assert.equal(await ran('ran'), 'slow\nfirst\nsecond\n');
  });

  it('runs every cell that is not excluded', async () => {
    for (const part of ['echo first', 'echo second', 'echo slow']) await ended(cellWith(notebook, part));
    const before = (await recordedRuns()).length;
    await vscode.commands.executeCommand('notebook.execute', notebook.uri);
    await waitFor('the run', async () => {
      const runs = await recordedRuns();
      return runs.length > before && runs[0]?.state === 'passed';
    });
    assert.equal(await ran('ran'), 'first\nsecond\nslow\n');
  });

  it('runs only the shell cells of a page that is no runbook', async () => {
    const other = await openRunbook('page.md');
    await vscode.commands.executeCommand('notebook.execute', other.uri);
    assert.equal(await ended(cellWith(other, 'echo shell')), true);
    await waitFor('the run', async () => (await recordedRuns())[0]?.state === 'passed');
    assert.equal(await ran('page-ran'), 'shell\n');
  });
});

function shell(text: string): vscode.NotebookCellData {
  return new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, 'shellscript');
}

async function edit(change: vscode.NotebookEdit): Promise<void> {
  const workspaceEdit = new vscode.WorkspaceEdit();
  workspaceEdit.set(notebook.uri, [change]);
  assert.ok(await vscode.workspace.applyEdit(workspaceEdit));
}

async function press({ command }: vscode.CodeLens): Promise<void> {
  assert.ok(command);
  await vscode.commands.executeCommand(command.command, ...(command.arguments as unknown[]));
}

/** What cells appended; empty where none did. */
async function ran(name: string): Promise<string> {
  return readFile(inWorkspace(name), 'utf8').catch(() => '');
}
