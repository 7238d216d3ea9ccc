import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { report } from '../host/driver';
import { page } from '../host/page';
import { unfold } from '../host/tree';
import { waitFor } from '../host/waitFor';

const rows = '.pane-body .monaco-list-row';
/** Between two looks of the clock, which is part of what it measures. */
const resolution = 5;

/** Notes in the page when a text is first seen in a row: asking the page again and again would be work of the host. */
const seenAt = (text: string): string => `void (function look() {
  const found = [...document.querySelectorAll(${JSON.stringify(rows)})].some(row => row.textContent.includes(${JSON.stringify(text)}));
  if (found) globalThis.seenAt = Date.now(); else setTimeout(look, 5);
})(delete globalThis.seenAt)`;

/** Notes in the page when the person pressed. */
const notePress =
  "addEventListener('mousedown', () => (globalThis.pressedAt = Date.now()), { capture: true, once: true })";

const mostSiblings = `Math.max(0, ...[...document.querySelectorAll(${JSON.stringify(rows)})].map(row => Number(row.getAttribute('aria-setsize'))))`;

// Not a test: `npm run bench -- watch-burst` fills the cluster, changes it, and reads the figures that this reports.
describe('10,000 pods', () => {
  it('are shown, and so are 1,000 that change', async () => {
    await vscode.commands.executeCommand('workbench.view.extension.handrail');
    // Rows further down are not drawn.
    for (const other of ['health', 'runs', 'runbooks', 'containers'])
      await vscode.commands.executeCommand(`handrail.${other}.removeView`);
    await vscode.commands.executeCommand('handrail.clusters.focus');
    await unfold('test');
    await unfold('shop');
    await page.evaluate(seenAt('web-0'));
    await page.evaluate(notePress);
    await unfold('Workloads');
    const shown = await seen();
    await figure('first', shown - (await page.evaluate<number>('globalThis.pressedAt')));
    await waitFor(
      'all',
      async () => (await page.texts(rows)).some(row => /Workloads.*10000/s.test(row)),
      60_000,
    );
    await new Promise(resolve => setTimeout(resolve, 2000));
    const delays = monitorEventLoopDelay({ resolution });
    await page.evaluate(seenAt('1000 with a problem'));
    delays.enable();
    await figure('ready', 0);
    const right = await seen();
    delays.disable();
    await figure('right', right);
    await figure('blocked', delays.max / 1e6 - resolution);
    await figure('children', await page.evaluate<number>(mostSiblings));
    await page.screenshot('benchPods');
  });
});

/** When the page has seen it; the host is asked little meanwhile. */
function seen(): Promise<number> {
  return waitFor(
    'the row',
    async () => {
      await new Promise(resolve => setTimeout(resolve, 250));
      return (await page.evaluate<number | null>('globalThis.seenAt ?? null')) ?? undefined;
    },
    60_000,
  );
}

function figure(name: string, value: number): Promise<void> {
  return report({ type: 'figure', name, value });
}
