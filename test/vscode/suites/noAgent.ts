import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { cellWith, ended, openRunbook, plainText, run } from '../host/notebook';
import { hasPage, page } from '../host/page';
import { waitFor } from '../host/waitFor';

// The setting `handrail.node` names a program that ends at once.
describe('Where no agent can be started', () => {
  it('the Runs view says so, and what can be done', async function () {
    if (!hasPage()) this.skip();
    await vscode.commands.executeCommand('handrail.runs.focus');
    const words = await waitFor('the words', async () => {
      const text = (await page.texts('.welcome-view-content')).join('\n');
      return text.includes('There is no agent') && text;
    });
    await page.screenshot('no-agent');
    for (const wanted of ['Restart Agent', 'Show Agent Log', 'Open Setting'])
      assert.ok(words.includes(wanted), wanted);
    assert.ok(!words.includes('No run yet'));
  });

  it('a cell says so instead of running for ever', async () => {
    const cell = cellWith(await openRunbook('watched.runbook.md'), 'quick output');
    await run(cell);
    assert.equal(await ended(cell), false);
    await waitFor('the reason', () => cell.outputs.length > 0);
    assert.notEqual(plainText(cell), 'quick output\n');
  });
});
