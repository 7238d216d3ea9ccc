import { join } from 'node:path';
import * as vscode from 'vscode';
import { report } from '../host/driver';
import { page } from '../host/page';
import { waitFor } from '../host/waitFor';

/** Notes in the workbench's page for how long at most it let a timer wait. */
const watchPage = `void (function tick(last) {
  const now = performance.now();
  globalThis.longestWait = Math.max(globalThis.longestWait ?? 0, now - last);
  setTimeout(tick, 0, now);
})(performance.now())`;

const hasEnd = `(document.body.innerText + [...document.querySelectorAll('.xterm-rows')].map(rows => rows.textContent).join(' '))
  .includes('this is the end')`;

// Not a test: `npm run bench -- editor-64mb` reads the figures that it reports.
describe('64 MB of output', () => {
  it('reaches the renderer', async () => {
    const folder = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
    const uri = vscode.Uri.file(join(folder, 'output.runbook.md'));
    await vscode.commands.executeCommand('vscode.openWith', uri, 'handrail-runbook');
    await waitFor('the notebook', () => vscode.window.activeNotebookEditor?.notebook.uri.path === uri.path);
    await waitFor(
      'its text',
      async () => (await page.evaluateInNotebook('document.body.innerText')).length > 0,
    );
    await page.evaluate(watchPage);
    const resident = process.memoryUsage().rss;
    let grown = 0;
    const look = setInterval(() => (grown = Math.max(grown, process.memoryUsage().rss - resident)), 50);
    const start = performance.now();
    await vscode.commands.executeCommand('notebook.execute');
    await waitFor('the last line', async () =>
      (await page.evaluateInNotebook<boolean>(hasEnd)).some(Boolean),
    );
    await figure('shown', performance.now() - start);
    clearInterval(look);
    await figure('longestWait', await page.evaluate<number>('globalThis.longestWait'));
    const heaps = await page.evaluateInNotebook<number>('performance.memory.usedJSHeapSize');
    await figure('rendererHeap', Math.max(...heaps) / 1e6);
    await figure('hostGrowth', grown / 1e6);
    await page.screenshot('bench64mb');
  });
});

function figure(name: string, value: number): Promise<void> {
  return report({ type: 'figure', name, value });
}
