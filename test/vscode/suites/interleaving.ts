import * as assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { agentPid, recordedRuns, runElsewhere } from '../host/agent';
import { cellWith, ended, inWorkspace, openRunbook, plainText, run, stop } from '../host/notebook';
import { hasPage, page } from '../host/page';
import { waitFor } from '../host/waitFor';

describe('While inputs are asked for', () => {
  let notebook: vscode.NotebookDocument;
  let runsBefore: number;

  before(async function () {
    if (!hasPage()) this.skip();
    notebook = await openRunbook('asked.runbook.md');
    await run(cellWith(notebook, 'other output'));
    assert.equal(await ended(cellWith(notebook, 'other output')), true);
  });

  beforeEach(async () => {
    await rm(inWorkspace('deployed'), { force: true });
    notebook = await openRunbook('asked.runbook.md');
    runsBefore = (await recordedRuns()).length;
    // It settles once the question is answered.
    void run(cellWith(notebook, 'deploy to'));
    await waitFor('the question', async () => (await titles()).includes('asked · region'));
  });

  it('Stop takes the question away, and nothing runs', async () => {
    await stop(cellWith(notebook, 'deploy to'));
    await nothingRan();
    await page.screenshot('stopped-while-asked');
  });

  it('closing the notebook takes the question away, and nothing runs', async () => {
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await nothingRan();
  });

  it('deleting the cell takes the question away, and nothing runs', async () => {
    const { index } = cellWith(notebook, 'deploy to');
    await edit(vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(index, index + 1)));
    await nothingRan();
    await vscode.commands.executeCommand('undo');
    await waitFor('the cell to be back', () => cellWith(notebook, 'deploy to'));
  });

  it('an edit of the cell does not change what was asked to be run', async () => {
    const { document } = cellWith(notebook, 'deploy to');
    const change = new vscode.WorkspaceEdit();
    change.insert(document.uri, new vscode.Position(0, 0), 'echo edited >> deployed\n');
    assert.ok(await vscode.workspace.applyEdit(change));
    await page.type('eu');
    await page.press('Enter');
    assert.equal(await ended(cellWith(notebook, 'deploy to')), true);
    assert.equal(await text('deployed'), 'deploy to eu\n');
    await waitFor('the mark', async () =>
      (await page.texts('.cell-status-item')).some(item => item.includes('edited since')),
    );
    const back = new vscode.WorkspaceEdit();
    back.delete(document.uri, new vscode.Range(0, 0, 1, 0));
    assert.ok(await vscode.workspace.applyEdit(back));
    await vscode.commands.executeCommand('handrail.resetSession', notebook.uri);
  });

  it('a killed agent takes no answer away', async () => {
    process.kill(await agentPid(), 'SIGKILL');
    await page.type('us');
    await page.press('Enter');
    await waitFor('the run', async () => (await text('deployed')) === 'deploy to us\n');
    assert.equal(await ended(cellWith(notebook, 'deploy to')), true);
    await vscode.commands.executeCommand('handrail.resetSession', notebook.uri);
  });

  async function nothingRan(): Promise<void> {
    await waitFor('the question to be gone', async () => !(await titles()).includes('asked · region'));
    await waitFor(
      'the cell to wait no more',
      async () => (await page.texts('.cell .codicon-notebook-state-pending:visible')).length === 0,
    );
    assert.equal((await recordedRuns()).length, runsBefore);
    assert.equal(await text('deployed'), '');
  }

  async function edit(change: vscode.NotebookEdit): Promise<void> {
    const all = new vscode.WorkspaceEdit();
    all.set(notebook.uri, [change]);
    assert.ok(await vscode.workspace.applyEdit(all));
  }
});

describe('A cell that needs one of another runbook', () => {
  it('shows its own step, and no cell shows that of the other one', async () => {
    const notebook = await openRunbook('needing.runbook.md');
    await run(cellWith(notebook, 'echo deployed'));
    assert.equal(await ended(cellWith(notebook, 'echo deployed')), true);
    const [last] = await recordedRuns();
    assert.equal(last?.stepsTotal, 2);
    check(notebook);
  });

  it('and so it does after it was opened again', async () => {
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    const notebook = await openRunbook('needing.runbook.md');
    await waitFor('its output', () => plainText(cellWith(notebook, 'echo deployed')) === 'deployed\n');
    check(notebook);
  });

  function check(notebook: vscode.NotebookDocument): void {
    assert.equal(plainText(cellWith(notebook, 'echo deployed')), 'deployed\n');
    const first = cellWith(notebook, 'echo first');
    assert.deepEqual(first.outputs, []);
    assert.equal(first.executionSummary?.success, undefined);
  }
});

describe('Two windows on one runbook', () => {
  let notebook: vscode.NotebookDocument;

  before(async () => {
    await rm(inWorkspace('enough'), { force: true });
    notebook = await openRunbook('shared.runbook.md');
  });

  it('both show what runs, and a run of the second waits for its turn', async () => {
    const source = await readFile(inWorkspace('shared.runbook.md'), 'utf8');
    await runElsewhere(inWorkspace('shared.runbook.md'), source, [0]);
    const long = cellWith(notebook, 'until');
    await waitFor('the other window’s run', () => long.outputs.length > 0);
    await run(cellWith(notebook, 'echo short'));
    await waitFor('both runs', async () => {
      const going = (await recordedRuns()).filter(({ state }) => state === 'running');
      return going.length === 2;
    });
    assert.equal(cellWith(notebook, 'echo short').executionSummary?.success, undefined);
    await writeFile(inWorkspace('enough'), '');
    assert.equal(await ended(long), true);
    assert.equal(await ended(cellWith(notebook, 'echo short')), true);
    assert.equal(await waitFor('its output', () => plainText(long)), 'long enough\n');
  });

  it('closed while it runs, a notebook shows the end when it is opened again', async () => {
    await rm(inWorkspace('enough'), { force: true });
    await run(cellWith(notebook, 'until'));
    await waitFor('the run', async () => (await recordedRuns())[0]?.state === 'running');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await writeFile(inWorkspace('enough'), '');
    await waitFor('its end', async () => (await recordedRuns())[0]?.state === 'passed');
    notebook = await openRunbook('shared.runbook.md');
    await waitFor('its output', () => plainText(cellWith(notebook, 'until')) === 'long enough\n');
    assert.equal(await ended(cellWith(notebook, 'until')), true);
  });
});

describe('What a runbook is meant to be run after', () => {
  let notebook: vscode.NotebookDocument;

  before(function () {
    if (!hasPage()) this.skip();
  });

  beforeEach(async () => {
    notebook = await openRunbook('after.runbook.md');
  });

  it('is offered before anything runs, and Escape runs nothing', async () => {
    const before = (await recordedRuns()).length;
    void vscode.commands.executeCommand('notebook.execute', notebook.uri);
    await waitFor('the offer', async () =>
      (await titles()).includes('after is meant to be run after needed'),
    );
    await page.screenshot('prerequisites');
    assert.equal((await recordedRuns()).length, before);
    await page.press('Escape');
    await waitFor('no offer', async () => !(await titles()).includes('meant to be run after'));
    assert.equal((await recordedRuns()).length, before);
    assert.equal(await text('done-after'), '');
  });

  it('is run first, and then the runbook', async () => {
    void vscode.commands.executeCommand('notebook.execute', notebook.uri);
    await waitFor('the offer', async () =>
      (await titles()).includes('after is meant to be run after needed'),
    );
    await page.press('ArrowDown');
    await page.press('Enter');
    await waitFor('the runbook to be run', async () => (await text('done-after')) === 'done\n');
    const [last, first] = await recordedRuns();
    assert.ok(last?.file.endsWith('after.runbook.md'));
    assert.ok(first?.file.endsWith('needed.runbook.md'));
    assert.equal(first?.state, 'passed');
    assert.equal(await ended(cellWith(notebook, '-e done-after')), true);
  });

  it('is not offered again once it has passed', async () => {
    await waitFor('the first run', async () => (await recordedRuns())[0]?.state === 'passed');
    await vscode.commands.executeCommand('notebook.execute', notebook.uri);
    await waitFor('the second run', async () => (await text('done-after')) === 'done\ndone\n');
  });
});

async function titles(): Promise<string> {
  return (await page.texts('.quick-input-title:visible')).join('\n');
}

/** What cells appended; empty where none did. */
async function text(name: string): Promise<string> {
  return readFile(inWorkspace(name), 'utf8').catch(() => '');
}
