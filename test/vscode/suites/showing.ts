import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { recordedRuns } from '../host/agent';
import { cellWith, ended, openRunbook, plainText, run } from '../host/notebook';
import { hasPage, page } from '../host/page';
import { waitFor } from '../host/waitFor';

describe('What a cell printed', () => {
  let notebook: vscode.NotebookDocument;
  before(async function () {
    if (!hasPage()) this.skip();
    notebook = await openRunbook('outputs.runbook.md');
  });

  it('is a picture where its author says so', async () => {
    await shows('iVBOR', 'iVBOR');
    await seen('a picture', `[...document.images].some(({ naturalWidth }) => naturalWidth === 2)`);
  });

  it('is a table, with what looks like HTML as text', async () => {
    await shows('printf', 'api-6d4f');
    const cells = `[...document.querySelectorAll('td')].map(({ textContent }) => textContent)`;
    await seen('its cells', `${cells}.includes('12') && ${cells}.includes('<b>web</b>')`);
  });

  it('is a tree to unfold where it is JSON, whoever says so', async () => {
    await shows('"kind": "Pod"', 'Running');
    await seen(
      'the tree',
      `[...document.querySelectorAll('details')].some(({ textContent }) => textContent.includes('phase'))`,
    );
  });

  it('is a page whose scripts do not run', async () => {
    await shows('<script>', '<p>shown</p>');
    await seen('the frame', `document.querySelector('iframe[sandbox]') !== null`);
    const sandboxes = await page.evaluateInNotebook<string[]>(
      `[...document.querySelectorAll('iframe[sandbox]')].map(frame => frame.getAttribute('sandbox'))`,
    );
    assert.deepEqual(
      sandboxes.flat().filter(allowed => allowed !== 'allow-same-origin'),
      [],
    );
    await page.screenshot('outputs');
  });

  /** Runs the cell with this command, in view. */
  async function shows(command: string, text: string): Promise<void> {
    const cell = cellWith(notebook, command);
    const range = new vscode.NotebookRange(cell.index, cell.index + 1);
    vscode.window.activeNotebookEditor?.revealRange(range, vscode.NotebookEditorRevealType.AtTop);
    await run(cell);
    assert.equal(await ended(cell), true);
    assert.ok(plainText(cell)?.includes(text), plainText(cell));
  }

  function seen(what: string, expression: string): Promise<unknown> {
    return waitFor(what, async () => (await page.evaluateInNotebook<boolean>(expression)).some(Boolean));
  }
});

describe('A secret of the editor', () => {
  before(function () {
    if (!hasPage()) this.skip();
  });

  it('is asked for, kept, given to the cell, and shown by nothing', async () => {
    void vscode.commands.executeCommand('handrail.setSecret');
    await box('Set Secret · 1 of 2');
    await page.type('deploy-token');
    await page.press('Enter');
    await box('Set Secret · 2 of 2 · deploy-token');
    await page.type('tell-nobody-this');
    assert.ok(!(await page.texts('.quick-input-widget')).join().includes('tell-nobody'));
    await page.press('Enter');
    const notebook = await openRunbook('outputs.runbook.md');
    const cell = cellWith(notebook, 'deploys with');
    await run(cell);
    assert.equal(await ended(cell), true);
    assert.match(plainText(cell) ?? '', /^deploys with (?!tell-nobody)\S+/);
  });
});

describe('The report of a run', () => {
  it('is a page in an editor of its own', async function () {
    if (!hasPage()) this.skip();
    const [last] = await recordedRuns();
    await vscode.commands.executeCommand('handrail.openReport', { kind: 'run', id: last!.id });
    await waitFor('its tab', () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .some(({ label, isActive }) => isActive && label === 'Report of outputs'),
    );
    await waitFor('its steps', async () =>
      (await page.evaluateInNotebook<string>('document.body.textContent')).some(
        text => text.includes('Started') && text.includes('deploys with') && !text.includes('tell-nobody'),
      ),
    );
    await page.screenshot('report');
  });
});

async function box(title: string): Promise<void> {
  await waitFor(title, async () => (await page.texts('.quick-input-title')).join().includes(title));
}
