import * as assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import * as vscode from 'vscode';
import { agentPid } from '../host/agent';
import { cellWith, inWorkspace, openRunbook, run } from '../host/notebook';
import { notifications } from '../host/notifications';
import { hasPage } from '../host/page';
import { waitFor } from '../host/waitFor';

let cell: vscode.NotebookCell;

describe('In Restricted Mode', () => {
  before(async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    cell = cellWith(await openRunbook('live.runbook.md'), 'it-ran');
  });

  afterEach(async () => {
    await assert.rejects(access(inWorkspace('it-ran')), { code: 'ENOENT' });
    assert.equal(cell.executionSummary?.success, undefined);
    await assert.rejects(agentPid(), 'no agent was started');
  });

  const ways: readonly (readonly [string, () => readonly unknown[]])[] = [
    ['handrail.runCell', () => [cell.notebook.uri, 6]],
    ['handrail.runCell', () => [cell]],
    ['handrail.runRunbook', () => [cell.notebook.uri]],
    ['handrail.runAgain', () => [{ kind: 'run', id: 'any' }]],
    ['handrail.stopRun', () => [{ kind: 'run', id: 'any' }]],
    ['handrail.resetSession', () => [cell.notebook.uri]],
    ['handrail.restartAgent', () => []],
  ];
  for (const [command, args] of ways) {
    it(`${command} runs nothing and says why`, async function () {
      if (!hasPage()) this.skip();
      await refused(command, args());
    });
  }

  it('the play button of a cell runs nothing', async function () {
    if (!hasPage()) this.skip();
    // VS Code asks for trust, and the command waits for the answer, which nobody gives.
    void run(cell);
    // What comes after it is answered, so that it had its turn.
    await refused('handrail.runCell', [cell]);
  });
});

/** Waits for the reason that a command gives; it ends only when that is put away. */
async function refused(command: string, args: readonly unknown[]): Promise<void> {
  await vscode.commands.executeCommand('notifications.clearAll');
  const ended = vscode.commands.executeCommand(command, ...args);
  await waitFor('the reason', async () =>
    (await notifications()).includes('is in Restricted Mode: runbooks can be read'),
  );
  await vscode.commands.executeCommand('notifications.clearAll');
  await ended;
}
