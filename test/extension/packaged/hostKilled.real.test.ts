import * as assert from 'node:assert/strict';
import { cp, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { chromium } from '../../support/chromium';
import { handrailPackage } from '../../support/handrailPackage';
import { processesWith } from '../../support/processesWith';
import { needs, provide } from '../../support/realSystem';
import { temporaryFolder } from '../../support/temporaryFolder';
import { vscodeServer } from '../../support/vscodeServer';
import { waitFor } from '../../vscode/host/waitFor';
import { openFile, runCommand } from '../../vscode/keyboard';
import { openWindow, type VSCodeWindow } from '../../vscode/window';

const repository = resolve(import.meta.dirname, '..', '..', '..');

describe('The packaged extension in VS Code', function () {
  this.timeout(180_000);

  // A development host is not started again when it dies, so this needs the extension as people have it.
  before(needs(vscodeServer, chromium, handrailPackage));

  it('goes on with a run after its extension host was killed', async () => {
    await using undo = new AsyncDisposableStack();
    const { path: workspace } = undo.use(await temporaryFolder('hr-ws'));
    await cp(resolve(repository, 'test', 'fixtures', 'workspace'), workspace, { recursive: true });
    const window = undo.use(
      await openWindow({ workspace, extension: { vsix: await provide(handrailPackage) } }),
    );
    await openFile(window.page, 'counter.runbook.md');
    await window.page.locator('.notebookOverlay .code-cell-row').first().waitFor();
    await runCommand(window.page, 'Notebook: Run All');
    const before = await waitFor('a number on screen', () => lastNumber(window));

    process.kill(await extensionHost(window), 'SIGKILL');
    await window.page.reload();

    await waitFor('greater numbers', async () => ((await lastNumber(window)) ?? 0) > before + 10, 60_000);
    await writeFile(join(workspace, 'stop-counting'), '');
    await waitFor('nothing of the run to be left', async () => (await leftCells(window)).length === 0);
  });
});

async function lastNumber(window: VSCodeWindow): Promise<number | undefined> {
  const rows = `[...document.querySelectorAll('.xterm-rows > div')].map(row => row.textContent).join('\\n')`;
  const texts = await Promise.all(window.notebookFrames().map(frame => frame.evaluate<string>(rows)));
  const numbers = [...texts.join('\n').matchAll(/count (\d+)\./g)];
  return numbers.length > 0 ? Number(numbers.at(-1)![1]) : undefined;
}

async function extensionHost(window: VSCodeWindow): Promise<number> {
  const found = await processesWith('HANDRAIL_HOME', window.home);
  const host = found.find(({ command }) => command.includes('--type=extensionHost'));
  assert.ok(host, 'the extension host is among the processes');
  return host.pid;
}

async function leftCells(window: VSCodeWindow): Promise<string[]> {
  const found = await processesWith('HANDRAIL_HOME', window.home);
  return found.map(({ command }) => command).filter(command => command.startsWith('sleep'));
}
