import * as assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { recordedRun, recordedRuns } from '../host/agent';
import { cellWith, inWorkspace, openRunbook } from '../host/notebook';
import { hasPage, page } from '../host/page';
import { waitFor } from '../host/waitFor';

/** An editor needs a moment to tell what it shows; so long nothing is concluded from it. Milliseconds. */
const settleMs = 1500;

describe('A run in its notebook', () => {
  let notebook: vscode.NotebookDocument;
  before(async () => {
    notebook = await openRunbook('follow.runbook.md');
  });

  it('is followed to the cell that runs', async () => {
    await vscode.commands.executeCommand('notebook.execute', notebook.uri);
    for (const step of [1, 2, 3]) {
      await runs(step);
      await waitFor(`step ${String(step)} in view`, () => isSeen(step));
      if (step < 3) await go(step);
    }
    if (hasPage()) await page.screenshot('following');
  });

  it('is let go where the person scrolls away', async () => {
    await settled();
    reveal(0);
    await waitFor('the top', () => isSeen(1) && !isSeen(3));
    await settled();
    await go(3);
    await runs(4);
    await settled();
    assert.equal(isSeen(4), false);
    assert.equal(isSeen(1), true);
  });

  it('is followed again by who scrolls back', async () => {
    reveal(cell(4).index);
    await waitFor('step 4 in view', () => isSeen(4));
    await settled();
    await go(4);
    await runs(5);
    await waitFor('step 5 in view', () => isSeen(5));
    await go(5);
    await waitFor('the end', async () => (await recordedRuns())[0]?.state === 'passed');
  });

  function cell(step: number): vscode.NotebookCell {
    return cellWith(notebook, `go-${String(step)};`);
  }

  function isSeen(step: number): boolean {
    const { index } = cell(step);
    const shown = vscode.window.activeNotebookEditor?.visibleRanges ?? [];
    return shown.some(({ start, end }) => start <= index && index < end);
  }

  function reveal(index: number): void {
    const range = new vscode.NotebookRange(index, index + 1);
    vscode.window.activeNotebookEditor?.revealRange(range, vscode.NotebookEditorRevealType.AtTop);
  }
});

describe('Front matter', () => {
  it('is left out of a run, and never waits', async () => {
    const notebook = await openRunbook('inputs.runbook.md');
    const [first] = notebook.getCells();
    assert.equal(first?.document.languageId, 'yaml');
    const before = (await recordedRuns()).length;
    await vscode.commands.executeCommand('notebook.cell.execute', {
      ranges: [{ start: 0, end: 1 }],
      document: notebook.uri,
    });
    await settled();
    assert.equal(first.executionSummary?.success, undefined);
    assert.equal((await recordedRuns()).length, before);
  });
});

async function go(step: number): Promise<void> {
  await writeFile(inWorkspace(`go-${String(step)}`), '');
}

async function runs(step: number): Promise<void> {
  await waitFor(`step ${String(step)} to run`, async () => {
    const [last] = await recordedRuns();
    const steps = last === undefined ? [] : (await recordedRun(last.id)).steps;
    return steps[step - 1]?.state === 'running';
  });
}

function settled(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, settleMs));
}
