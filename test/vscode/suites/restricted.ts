import * as assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { agentPid } from '../host/agent';
import { cellWith, inWorkspace, openRunbook, run } from '../host/notebook';
import { hasPage, page } from '../host/page';

describe('In Restricted Mode', () => {
  it('a runbook is shown, but nothing of it runs', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const cell = cellWith(await openRunbook('live.runbook.md'), 'it-ran');
    // VS Code asks for trust and the command waits for the answer, which nobody gives.
    void Promise.resolve(run(cell)).catch(() => undefined);
    // The one place where a test has to wait for nothing to happen.
    await delay(3000);
    if (hasPage()) await page.screenshot('restricted');
    await assert.rejects(access(inWorkspace('it-ran')), { code: 'ENOENT' });
    assert.equal(cell.executionSummary?.success, undefined);
    await assert.rejects(agentPid(), 'no agent was started');
  });
});
