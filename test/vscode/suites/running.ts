import * as assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { processesWith } from '../../support/processesWith';
import { agentPid, recordedRuns } from '../host/agent';
import { counter, lastShown, numbersIn, stopCounting, upTo } from '../host/counter';
import { cellWith, ended, inWorkspace, openRunbook, plainText, run, stop } from '../host/notebook';
import { hasPage, page } from '../host/page';
import { waitFor } from '../host/waitFor';

const file = 'live.runbook.md';
let notebook: vscode.NotebookDocument;

describe('A cell', () => {
  it('shows its output before it has ended', async function () {
    if (!hasPage()) this.skip();
    const cell = cellWith(await openRunbook(counter), 'count');
    await run(cell);
    await waitFor('some numbers on screen', async () => ((await lastShown()) ?? 0) > 3);
    assert.equal(cell.executionSummary?.success, undefined, 'it is still running');
    await page.screenshot('running');
    await stopCounting();
    assert.equal(await ended(cell), true);
    const numbers = numbersIn(await waitFor('its text/plain', () => plainText(cell)));
    assert.deepEqual(numbers, upTo(numbers.length));
    await page.screenshot('ended');
  });

  it('uses what the cell before set', async () => {
    notebook = await openRunbook(file);
    const first = cellWith(notebook, 'greeting=');
    await run(first);
    assert.equal(await ended(first), true);
    const second = cellWith(notebook, 'greet\npwd');
    await run(second);
    assert.equal(await ended(second), true);
    assert.equal(await waitFor('its text/plain', () => plainText(second)), 'hello from the cell before\n/\n');
  });

  it('is stopped with everything it started', async () => {
    const cell = cellWith(notebook, 'sleep 600');
    await run(cell);
    const sleeping = async () =>
      (await processesWith('HANDRAIL_HOME', process.env['HANDRAIL_HOME']!)).filter(({ command }) =>
        command.startsWith('sleep 600'),
      );
    if (process.platform === 'linux')
      await waitFor('it to sleep', async () => (await sleeping()).length === 1);
    await stop(cell);
    assert.equal(await ended(cell), false);
    await waitFor('no sleep to be left', async () => (await sleeping()).length === 0);
    const [last] = await recordedRuns();
    assert.equal(last?.state, 'cancelled');
  });
});

describe('Run All', () => {
  it('stops at the first failure', async () => {
    const all = notebook.getCells().filter(cell => cell.kind === vscode.NotebookCellKind.Code);
    const from = cellWith(notebook, 'exit 7').index;
    await vscode.commands.executeCommand('notebook.cell.executeCellAndBelow', {
      ranges: [{ start: from, end: from + 1 }],
      document: notebook.uri,
    });
    const failing = all.find(cell => cell.index === from)!;
    assert.equal(await ended(failing), false);
    assert.match(await waitFor('its text/plain', () => plainText(failing)), /so far so good\nnot good/);
    const [last] = await recordedRuns();
    assert.equal(last?.state, 'failed');
    await assert.rejects(readFile(inWorkspace('it-ran')), { code: 'ENOENT' });
  });
});

describe('An agent killed with −9', () => {
  it('is told as an interruption, and the next run has a new one', async () => {
    const cell = cellWith(notebook, 'sleep 600');
    await run(cell);
    await waitFor('its first run', async () => (await recordedRuns())[0]?.state === 'running');
    const killed = await agentPid();
    process.kill(killed, 'SIGKILL');
    assert.equal(await ended(cell), false, 'the cell does not spin for ever');
    const next = cellWith(notebook, 'greeting=');
    await run(next);
    await waitFor('the next run', async () => (await recordedRuns())[0]?.state === 'passed');
    assert.notEqual(await agentPid(), killed);
    const [, before] = await recordedRuns();
    assert.equal(before?.state, 'interrupted');
  });
});
