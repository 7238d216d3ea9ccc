import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { agentPid, recordedRuns } from '../host/agent';
import { cellWith, ended, openRunbook, run } from '../host/notebook';
import { notifications } from '../host/notifications';
import { hasPage, page } from '../host/page';
import { waitFor } from '../host/waitFor';

let notebook: vscode.NotebookDocument;
let pid: number;

describe('Restart Agent', () => {
  before(async () => {
    notebook = await openRunbook('watched.runbook.md');
    await run(cellWith(notebook, 'quick output'));
    assert.equal(await ended(cellWith(notebook, 'quick output')), true);
    pid = await agentPid();
  });

  // VS Code shows no dialog to a test: it refuses, which is no consent.
  it('ends no run without asking', async () => {
    await run(cellWith(notebook, 'slow'));
    await waitFor('the run', async () => (await recordedRuns())[0]?.state === 'running');
    await vscode.commands.executeCommand('handrail.restartAgent');
    assert.equal(await agentPid(), pid);
    assert.equal((await recordedRuns())[0]?.state, 'running');
  });

  it('is offered when the agent hangs, which shows; and one that answers again is well', async function () {
    if (process.platform === 'win32' || !hasPage()) this.skip();
    process.kill(pid, 'SIGSTOP');
    try {
      await waitFor('the status', async () => (await statusBar()).includes('the agent does not answer'));
      await waitFor('the offer', async () => /does not answer[^]*Restart Agent/.test(await notifications()));
      await page.screenshot('agent-hangs');
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await waitFor('it to be well', async () => !(await statusBar()).includes('does not answer'));
    assert.equal(await ended(cellWith(notebook, 'slow')), true);
  });

  it('starts another where nothing runs', async () => {
    await waitFor('the end of runs', async () =>
      (await recordedRuns()).every(({ state }) => state !== 'running'),
    );
    await vscode.commands.executeCommand('handrail.restartAgent');
    assert.notEqual(await agentPid(), pid);
    pid = await agentPid();
  });

  it('ends one that hangs', async function () {
    if (process.platform === 'win32') this.skip();
    process.kill(pid, 'SIGSTOP');
    await vscode.commands.executeCommand('handrail.restartAgent');
    assert.notEqual(await agentPid(), pid);
    await run(cellWith(notebook, 'quick output'));
    assert.equal(await ended(cellWith(notebook, 'quick output')), true);
  });
});

async function statusBar(): Promise<string> {
  return (await page.texts('.part.statusbar .statusbar-item')).join('\n');
}
