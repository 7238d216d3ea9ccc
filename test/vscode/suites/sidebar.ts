import * as assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { cellWith, ended, inWorkspace, openRunbook, run } from '../host/notebook';
import { hasPage, page } from '../host/page';
import { unfold } from '../host/tree';
import { waitFor } from '../host/waitFor';

describe('The sidebar', () => {
  before(async function () {
    if (!hasPage()) this.skip();
    await vscode.commands.executeCommand('workbench.view.extension.handrail');
    // Rows further down are not drawn.
    for (const other of ['health', 'containers', 'clusters'])
      await vscode.commands.executeCommand(`handrail.${other}.removeView`);
  });

  it('lists runbooks, and not Markdown without a cell', async () => {
    await writeFile(inWorkspace('no-cell.md'), '# Nothing to run\n');
    await waitFor('the files', async () => (await rows()).some(row => row.includes('watched.runbook.md')));
    assert.ok(!(await rows()).some(row => row.includes('no-cell.md')));
  });

  it('leaves out what git ignores, and takes in what comes', async () => {
    await writeFile(inWorkspace('.gitignore'), 'hidden/\n');
    await mkdir(inWorkspace('hidden'), { recursive: true });
    await vscode.commands.executeCommand('handrail.refreshRunbooks');
    await writeFile(inWorkspace('hidden/secret.md'), '```sh\necho hidden\n```\n');
    await writeFile(inWorkspace('new.md'), '# New\n\n```sh\necho new\n```\n');
    await waitFor('the new file', async () => (await rows()).some(row => row.includes('new.md')));
    assert.ok(!(await rows()).some(row => row.includes('secret.md')));
    await rm(inWorkspace('new.md'));
    await waitFor('it to go', async () => !(await rows()).some(row => row.includes('new.md')));
  });

  it('shows a run as it goes and how it ended', async () => {
    const notebook = await openRunbook('watched.runbook.md');
    await run(cellWith(notebook, 'slow'));
    await waitFor('progress', async () =>
      (await rows()).some(row => /^\s*watched(?!\.).*slow · \d+ s/s.test(row)),
    );
    await page.screenshot('sidebar-running');
    assert.equal(await ended(cellWith(notebook, 'slow')), true);
    await waitFor('the end', async () =>
      (await rows()).some(row => /^\s*watched(?!\.).*✓ (slow · )?[\d.]+ s · \d\d:\d\d/s.test(row)),
    );
    await run(cellWith(notebook, 'before'));
    await waitFor('a failure', async () =>
      (await rows()).some(row => /^\s*watched(?!\.).*✗ fails/s.test(row)),
    );
  });

  it('keeps a file red until its failed cell has passed', async () => {
    const file = async (how: RegExp) =>
      (await rows()).some(row => /^\s*watched\.runbook\.md/.test(row) && how.test(row));
    await waitFor('the failure', () => file(/✗ fails · /));
    const notebook = await openRunbook('watched.runbook.md');
    await run(cellWith(notebook, 'quick'));
    assert.equal(await ended(cellWith(notebook, 'quick')), true);
    await waitFor('the end', async () => !(await file(/●/)));
    await waitFor('the failure, still', () => file(/✗ fails · /));
  });

  it('goes down to cells with their last result', async () => {
    await unfold('watched.runbook.md');
    await unfold('Watched');
    await waitFor('the cells', async () =>
      (await rows()).some(row => /fails.*✗ exit 7 · echo before/s.test(row)),
    );
    await page.screenshot('sidebar');
  });

  it('filters', async () => {
    void vscode.commands.executeCommand('handrail.filterRunbooks');
    await waitFor('the input', async () => (await page.texts('.quick-input-widget input')).length === 1);
    await page.type('nothing has this');
    await page.press('Enter');
    await waitFor(
      'an empty list',
      async () => !(await rows()).some(row => row.includes('watched.runbook.md')),
    );
    await vscode.commands.executeCommand('handrail.clearFilter');
    await waitFor('all', async () => (await rows()).some(row => row.includes('watched.runbook.md')));
  });
});

function rows(): Promise<string[]> {
  return page.texts('.pane-body .monaco-list-row');
}
