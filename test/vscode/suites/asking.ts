import * as assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { processesWith } from '../../support/processesWith';
import { recordedRun, recordedRuns } from '../host/agent';
import { cellWith, ended, inWorkspace, openRunbook, run, stop } from '../host/notebook';
import { hasPage, page } from '../host/page';
import { waitFor } from '../host/waitFor';

describe('An approval', () => {
  it('is asked for when its step is due, and stopping it there runs nothing more', async () => {
    const notebook = await openRunbook('asks.runbook.md');
    await vscode.commands.executeCommand('notebook.execute', notebook.uri);
    const id = await waitFor('the question', async () => {
      const [last] = await recordedRuns();
      const asking = last && (await recordedRun(last.id)).steps.find(({ asks }) => asks !== undefined);
      return asking?.name === 'dangerous' ? last?.id : undefined;
    });
    assert.equal(await text('ran'), 'before\n', 'what comes before it has run');
    if (hasPage()) {
      await waitFor('the words in the cell', async () =>
        (await page.texts('.cell-status-item')).some(item => item.includes('waits for approval')),
      );
      await page.screenshot('asking');
    }
    await stop(cellWith(notebook, 'dangerous'));
    await waitFor('the end', async () => (await recordedRun(id)).state === 'cancelled');
    assert.equal(await text('ran'), 'before\n');
  });
});

describe('Inputs', () => {
  before(function () {
    if (!hasPage()) this.skip();
  });

  it('are asked for one after the other, and Escape runs nothing', async () => {
    const notebook = await openRunbook('inputs.runbook.md');
    const before = (await recordedRuns()).length;
    const running = run(cellWith(notebook, 'deployed'));
    await title('region · 1 of 2');
    await page.press('Enter');
    await title('replicas · 2 of 2');
    await page.press('Escape');
    await running;
    await waitFor('the box to be gone', async () => !(await titles()).includes('replicas'));
    assert.equal((await recordedRuns()).length, before);
    assert.equal(await text('deployed'), '');
  });

  it('are checked while typing, and reach the cell', async () => {
    const { notebook } = vscode.window.activeNotebookEditor!;
    const running = run(cellWith(notebook, 'deployed'));
    await title('region · 1 of 2');
    await page.press('ArrowDown');
    await page.press('Enter');
    await title('replicas · 2 of 2');
    await page.type('3x');
    await waitFor('what is wrong', async () =>
      (await page.texts('.quick-input-message')).join().includes('Must be a number'),
    );
    await page.press('Backspace');
    await page.press('Enter');
    await running;
    assert.equal(await ended(cellWith(notebook, 'deployed')), true);
    assert.equal(await text('deployed'), 'us-east 3\n');
  });

  it('are not asked for again by a single cell', async () => {
    const { notebook } = vscode.window.activeNotebookEditor!;
    await run(cellWith(notebook, 'deployed'));
    await waitFor('the second line', async () => (await text('deployed')) === 'us-east 3\nus-east 3\n');
  });
});

describe('Show Plan', () => {
  it('opens what would be run, and runs nothing', async () => {
    const notebook = await openRunbook('resume.runbook.md');
    const before = (await recordedRuns()).length;
    await vscode.commands.executeCommand('handrail.showPlan', notebook.uri);
    const plan = await waitFor('the page', () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.path === '/Plan of resume.md'),
    );
    assert.match(plan.getText(), /^# Plan: resume|^# Plan: Resume/);
    for (const name of ['first', 'second', 'third']) assert.ok(plan.getText().includes(`. ${name}\n`));
    assert.ok(plan.getText().includes('echo first >> steps'));
    assert.equal((await recordedRuns()).length, before);
  });
});

describe('Resume from the Failed Step', () => {
  it('goes on with what the session knew, and runs nothing twice', async () => {
    const notebook = await openRunbook('resume.runbook.md');
    await vscode.commands.executeCommand('notebook.execute', notebook.uri);
    assert.equal(await ended(cellWith(notebook, 'second')), false);
    const [failed] = await waitFor('its end', async () => {
      const runs = await recordedRuns();
      return runs[0]?.state === 'failed' ? runs : undefined;
    });
    await writeFile(inWorkspace('mended'), '');
    await vscode.commands.executeCommand('handrail.resumeRun', { kind: 'run', id: failed!.id });
    await waitFor('the resumed run', async () => {
      const [last] = await recordedRuns();
      return last?.continues?.run === failed!.id && last.state === 'passed';
    });
    assert.equal(await text('steps'), 'first\nsecond blue\nthird\n');
  });
});

describe('A background cell', () => {
  it('has passed and goes on; Stop ends it', async () => {
    const notebook = await openRunbook('background.runbook.md');
    await vscode.commands.executeCommand('notebook.execute', notebook.uri);
    const cell = cellWith(notebook, 'sleep 600');
    assert.equal(await ended(cell), true);
    if (hasPage()) {
      await waitFor('the words in the cell', async () =>
        (await page.texts('.cell-status-item')).some(item => item.includes('running in the background')),
      );
      await page.screenshot('background');
    }
    await vscode.commands.executeCommand('handrail.stopStep', cell);
    if (process.platform === 'linux') await waitFor('no sleep to be left', async () => !(await isSleeping()));
    await writeFile(inWorkspace('enough'), '');
    assert.equal(await ended(cellWith(notebook, 'until')), true);
  });
});

async function isSleeping(): Promise<boolean> {
  const found = await processesWith('HANDRAIL_HOME', process.env['HANDRAIL_HOME']!);
  return found.some(({ command }) => command.startsWith('sleep 600'));
}

async function title(part: string): Promise<void> {
  await waitFor(`the question for ${part}`, async () => (await titles()).includes(part));
}

async function titles(): Promise<string> {
  return (await page.texts('.quick-input-title:visible')).join('\n');
}

/** What cells appended; empty where none did. */
async function text(name: string): Promise<string> {
  return readFile(inWorkspace(name), 'utf8').catch(() => '');
}
