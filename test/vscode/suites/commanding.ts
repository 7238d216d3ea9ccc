import * as assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import { recordedRuns } from '../host/agent';
import { cellWith, ended, inWorkspace, openRunbook, run } from '../host/notebook';
import { notifications } from '../host/notifications';
import { hasPage, page } from '../host/page';
import { waitFor } from '../host/waitFor';

describe('Commands', () => {
  before(function () {
    if (!hasPage()) this.skip();
  });

  it('say when there is no run to act on', async () => {
    await vscode.commands.executeCommand('handrail.stopRun');
    await waitFor('the words', async () => (await notifications()).includes('Nothing runs now.'));
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('let one choose the run when no row was pressed', async () => {
    const notebook = await openRunbook('shell.runbook.md');
    await run(cellWith(notebook, 'exit 7'));
    assert.equal(await ended(cellWith(notebook, 'exit 7')), false);
    const resuming = vscode.commands.executeCommand('handrail.resumeRun');
    await waitFor('the runs', async () =>
      (await choices()).some(row => /^\s*shell.*✗ fails.*shell\.runbook\.md/s.test(row)),
    );
    await page.press('Escape');
    await resuming;
    assert.equal((await recordedRuns()).length, 1, 'Escape runs nothing');
    await waitFor('the way back below the cell', async () =>
      (await page.texts('.cell-statusbar-container')).some(text => text.includes('Roll back fails')),
    );
    await page.screenshot('roll-back');
    void vscode.commands.executeCommand('handrail.rollBackRun');
    await waitFor('the question', async () => (await titles()).includes('Roll Which Run Back?'));
    await waitFor('the runs', async () => (await choices()).length === 1);
    await page.press('Enter');
    await waitFor('the way back', async () => {
      const [last] = await recordedRuns();
      return last?.continues?.how === 'rollback' && last.state === 'passed';
    });
    await waitFor('nothing left to roll back', async () =>
      (await page.texts('.cell-statusbar-container')).every(text => !text.includes('Roll back')),
    );
  });

  it('tell of a runbook that is gone where its runs are', async () => {
    const notebook = await openRunbook('gone.runbook.md');
    await run(cellWith(notebook, 'it was here'));
    await ended(cellWith(notebook, 'it was here'));
    const [last] = await recordedRuns();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await waitFor('it to be closed', () => notebook.isClosed);
    await rm(inWorkspace('gone.runbook.md'));
    await vscode.commands.executeCommand('handrail.openRun', { id: last?.id });
    await waitFor('the words', async () =>
      (await notifications()).includes('gone.runbook.md is not there any more'),
    );
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});

describe('A row', () => {
  before(function () {
    if (!hasPage()) this.skip();
  });

  it('has a shell’s $(…) in it as it is written', async () => {
    await vscode.commands.executeCommand('workbench.view.extension.handrail');
    // Rows further down are not drawn.
    for (const other of ['health', 'containers', 'clusters'])
      await vscode.commands.executeCommand(`handrail.${other}.removeView`);
    await page.click('.pane-body .monaco-list-row:has-text("shell.runbook.md")');
    await page.press('ArrowRight');
    await waitFor('the heading', async () => (await rows()).some(row => /^\s*Shell words\s*$/.test(row)));
    await page.press('ArrowDown');
    await page.press('ArrowRight');
    const row = await waitFor('the cell', async () => (await rows()).find(text => text.includes('today is')));
    assert.ok(row.replaceAll('\u2060', '').includes('echo "today is $(date +%Y)" $(true)'), row);
  });
});

describe('Attributes', () => {
  let document: vscode.TextDocument;
  before(async () => {
    document = await vscode.workspace.openTextDocument(inWorkspace('attributes.md'));
  });

  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['names', '```sh {', ['needs', 'timeout', 'effect']],
    ['names of cells', '{needs=', ['first']],
    ['keys of front matter', '---\n', ['title', 'inputs', 'requires']],
  ];
  for (const [what, before, wanted] of cases)
    it(`are completed: ${what}`, async () => {
      const at = document.positionAt(document.getText().indexOf(before) + before.length);
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        ...[document.uri, at],
      );
      const labels = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      for (const label of wanted) assert.ok(labels.includes(label), `${label} among ${labels.join(' ')}`);
    });

  it('are explained', async () => {
    const at = document.positionAt(document.getText().indexOf('needs=') + 1);
    const [hover] = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      ...[document.uri, at],
    );
    const [words] = hover?.contents ?? [];
    assert.match((words as vscode.MarkdownString).value, /cells that must have passed before/);
  });
});

function choices(): Promise<string[]> {
  return page.texts('.quick-input-list .monaco-list-row');
}

function titles(): Promise<string[]> {
  return page.texts('.quick-input-title');
}

function rows(): Promise<string[]> {
  return page.texts('.pane-body .monaco-list-row');
}
