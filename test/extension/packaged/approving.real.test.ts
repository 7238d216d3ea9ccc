import * as assert from 'node:assert/strict';
import { cp, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { connectAgent } from '../../../agent/client/connectAgent';
import { handrailFolders } from '../../../agent/folders';
import { getRun, type RunRecord } from '../../../agent/protocol/runs';
import { chromium } from '../../support/chromium';
import { handrailPackage } from '../../support/handrailPackage';
import { needs, provide } from '../../support/realSystem';
import { temporaryFolder } from '../../support/temporaryFolder';
import { vscodeServer } from '../../support/vscodeServer';
import { waitFor } from '../../vscode/host/waitFor';
import { openFile, runCommand } from '../../vscode/keyboard';
import { openWindow, type VSCodeWindow } from '../../vscode/window';

const repository = resolve(import.meta.dirname, '..', '..', '..');
const dialog = '.monaco-dialog-box';

// VS Code shows no dialog to a window that runs tests of its own, so this one is driven from outside.
describe('An approval in VS Code', function () {
  this.timeout(180_000);
  before(needs(vscodeServer, chromium, handrailPackage));

  const undo = new AsyncDisposableStack();
  let window: VSCodeWindow;
  let workspace: string;

  before(async () => {
    workspace = undo.use(await temporaryFolder('hr-ws')).path;
    await cp(join(repository, 'test', 'fixtures', 'asking'), workspace, { recursive: true });
    window = undo.use(await openWindow({ workspace, extension: { vsix: await provide(handrailPackage) } }));
    await openFile(window.page, 'asks.runbook.md');
    await window.page.locator('.notebookOverlay .code-cell-row').first().waitFor();
  });
  after(() => undo.disposeAsync());

  it('has the focus on a button that runs nothing; Escape declines, and the run says so', async () => {
    const { page } = window;
    await runCommand(page, 'Notebook: Run All');
    await page.locator(dialog).waitFor();
    assert.match(await page.locator(dialog).innerText(), /Really do it\?[^]*step 2 of 3[^]*echo dangerous/);
    assert.equal(await focused(window), 'Show Cell');
    assert.deepEqual(await buttons(window), ['Do Not Run', 'Run dangerous', 'Show Cell']);
    await page.keyboard.press('Escape');
    const run = await lastRun(window, 'cancelled');
    assert.match(run.message ?? '', /^cancelled by .+ at step 2 of 3$/);
    assert.equal(await ran(workspace), 'before\n');
  });

  it('comes back after a reload, and runs the cell when it is given', async () => {
    const { page } = window;
    await runCommand(page, 'Notebook: Run All');
    await page.locator(dialog).waitFor();
    await remembered(window, (await lastRun(window, 'running')).id);
    await page.reload();
    await page.locator(dialog).waitFor({ timeout: 60_000 });
    await page.locator(dialog).getByText('Run dangerous', { exact: true }).click();
    const run = await lastRun(window, 'passed');
    assert.ok(run.steps.find(({ name }) => name === 'dangerous')?.approvedBy);
    assert.equal(await ran(workspace), 'before\nbefore\ndangerous\nlater\n');
  });
});

function focused({ page }: VSCodeWindow): Promise<string> {
  return page.evaluate<string>('document.activeElement.textContent');
}

async function buttons({ page }: VSCodeWindow): Promise<string[]> {
  return (await page.locator(`${dialog} .monaco-button`).allInnerTexts()).map(text => text.trim()).sort();
}

/** The newest run, once it is in a state. */
function lastRun(window: VSCodeWindow, state: RunRecord['state']): Promise<RunRecord> {
  return waitFor(`the run to be ${state}`, async () => {
    const connection = await connectAgent({
      folders: handrailFolders({ ...process.env, HANDRAIL_HOME: window.home }),
      client: { id: 'suite', kind: 'test' },
      trusted: false,
    });
    try {
      const { run } = await connection.request(getRun, { run: 'last' });
      return run.state === state ? run : undefined;
    } finally {
      connection.dispose();
    }
  });
}

/** VS Code writes what extensions remember some time after it was told; nobody reloads a window as fast as a test does. */
async function remembered({ page }: VSCodeWindow, text: string): Promise<void> {
  await waitFor(`VS Code to have written ${text}`, () =>
    page.evaluate<true | undefined>(`(async () => {
      const settled = request => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      for (const { name } of await indexedDB.databases()) {
        if (!name.startsWith('vscode-web-state-db-')) continue;
        const database = await settled(indexedDB.open(name));
        const values = await settled(database.transaction('ItemTable').objectStore('ItemTable').getAll());
        database.close();
        if (values.some(value => String(value).includes(${JSON.stringify(text)}))) return true;
      }
    })()`),
  );
}

async function ran(workspace: string): Promise<string> {
  return readFile(join(workspace, 'ran'), 'utf8');
}
