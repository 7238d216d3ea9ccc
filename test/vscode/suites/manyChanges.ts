import * as assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { inWorkspace } from '../host/notebook';
import { hasPage, page } from '../host/page';
import { waitFor } from '../host/waitFor';

/** Changes of the tree, and the milliseconds between two: less than VS Code waits for before it draws a tree. */
const changes = 1000;
const apart = 10;

describe('A tree that changes all the time', () => {
  before(async function () {
    if (!hasPage()) this.skip();
    await vscode.commands.executeCommand('workbench.view.extension.handrail');
    await waitFor('the files', () => isListed('watched.runbook.md'));
  });

  it('shows a new runbook while the changes go on', async () => {
    let fired = 0;
    const stream = (async () => {
      for (; fired < changes; fired++) {
        // Taking away a filter that is not there changes nothing but tells the view that all may be different.
        await vscode.commands.executeCommand('handrail.clearFilter');
        await new Promise(resolve => setTimeout(resolve, apart));
      }
    })();
    await waitFor('the stream', () => fired > 50);
    await writeFile(inWorkspace('late.md'), '# Late\n\n```sh\necho late\n```\n');
    await waitFor('the new row', () => isListed('late.md'), 60_000);
    const shownAfter = fired;
    await stream;
    assert.ok(shownAfter < changes, 'the row came only when all was quiet again');
  });
});

async function isListed(file: string): Promise<boolean> {
  return (await page.texts('.pane-body .monaco-list-row')).some(row => row.includes(file));
}
