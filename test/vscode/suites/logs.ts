import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { RealEngine } from '../../support/engine/engine';
import { agentPid } from '../host/agent';
import { containerNode, dockerOfWindow, endpoint, ofProject } from '../host/engineOfWindow';
import { report } from '../host/driver';
import { page } from '../host/page';
import { waitFor } from '../host/waitFor';

const chatty = `
trap 'exit 0' TERM
echo '<img src=x onerror="document.title=1"> [bold]' | sed 's/.bold./\\x1b[1;31mred\\x1b[0m/'
n=0; while true; do n=$((n + 1)); echo "line $n"; [ $((n % 5)) -ne 0 ] || echo "error $n" >&2; sleep 0.05; done`;

describe('The page of a log', function () {
  this.timeout(120_000);
  const engine = dockerOfWindow({ liveRestore: true }, async real => {
    await real.load('busybox');
    await run(real, 'web', chatty);
    for (const service of ['api', 'db']) {
      const script = `while true; do echo "from ${service}"; sleep 1; done`;
      await run(real, `shop-${service}-1`, script, ...ofProject('shop', service));
    }
  });

  const run = (real: RealEngine, name: string, script: string, ...options: string[]) =>
    real.docker('run', '-d', '--name', name, ...options, 'localhost/busybox:1', 'sh', '-c', script);

  const node = (name: string) => containerNode(engine(), name);

  it('shows the lines of a container, as text and nothing else', async () => {
    // Rows are known once the view has been unfolded.
    await vscode.commands.executeCommand('handrail.containers.focus');
    await page.click('.pane-body .monaco-list-row:has-text("not connected")');
    await page.press('ArrowRight');
    await waitFor('the row', async () => (await rows()).some(text => /web/.test(text)));
    await vscode.commands.executeCommand('handrail.showLogs', await node('web'));
    await seen(/line \d+/);
    await seen(/error \d+/);
    assert.ok(vscode.window.tabGroups.activeTabGroup.activeTab?.label === 'Logs: web');
    await search('img');
    await seen(/No results|\d+\+? lines?/);
    await inPage(
      `document.querySelector('.log-input').dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter'}))`,
    );
    await seen(/1 of \d/);
    await page.screenshot('logs-found');
    await search('');
    await page.screenshot('logs');
  });

  it('filters by a regular expression, and says what is wrong with one', async () => {
    await search('^error');
    await toggle('.*');
    await toggle('Only matches');
    await waitFor('errors only', async () => {
      const shown = (await drawn()).filter(Boolean);
      return shown.length > 2 && shown.every(text => text.startsWith('error'));
    });
    await page.screenshot('logs-filtered');
    await search('(');
    await seen(/No regular expression/);
    await search('');
    await toggle('Only matches');
    await toggle('.*');
  });

  it('tells when lines were written, and which came from stderr', async () => {
    await toggle('Times');
    await seen(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}line/);
    const marked = await inPage<number>(`document.querySelectorAll('.log-stderr').length`);
    assert.ok(marked > 0);
    await page.screenshot('logs-times');
    await toggle('Times');
  });

  it('stays where one reads, and tells how many lines are new', async () => {
    await inPage(`document.querySelector('.log-rows').scrollTop = 0`);
    await seen(/\d+ new lines/);
    await inPage(`document.querySelector('.log-newer').click()`);
    await waitFor('the end', () => inPage<boolean>(`document.querySelector('.log-newer').hidden`));
  });

  it('goes on over a restart of container, engine and agent', async () => {
    await engine().docker('restart', '-t', '1', 'web');
    await goesOn();
    await seen(/started again/);
    await page.screenshot('logs-restarted');
    await engine().kill();
    await seen(/web · /);
    await page.screenshot('logs-engine-gone');
    await engine().start();
    await goesOn();
    process.kill(await agentPid(), 'SIGKILL');
    await goesOn();
    await engine().docker('rm', '-f', 'web');
    await seen(/web · removed/);
    await page.screenshot('logs-removed');
  });

  it('merges a project, with the names of its containers', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const by = { project: 'shop' };
    await vscode.commands.executeCommand('handrail.showLogs', { kind: 'bundle', id: 'x', endpoint, by });
    await seen(/shop-api-1\s*from api/);
    await seen(/shop-db-1\s*from db/);
    await page.screenshot('logs-project');
  });

  it('takes 100 MB, keeps the newest of it and tells how much was let go', async () => {
    await run(engine(), 'flood', `seq -w 1 1000000 | sed 's/$/ ${'x'.repeat(91)}/'; echo the end`);
    await engine().docker('wait', 'flood');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('handrail.showLogs', await node('flood'));
    await seen(/the end/);
    const begun = Date.now();
    await inWorkbench(`window.slowest = 0; window.last = performance.now(); window.beat = setInterval(() => {
      const now = performance.now(); window.slowest = Math.max(window.slowest, now - window.last - 10); window.last = now; }, 10)`);
    await inPage(
      `[...document.querySelectorAll('button')].find(each => each.textContent === 'From the start').click()`,
    );
    await seen(/earlier ones let go/, 110_000);
    await seen(/the end/, 110_000);
    const slowest = await inWorkbench<number>('clearInterval(window.beat), window.slowest');
    await report({ type: 'figure', name: 'logs100mb', value: Date.now() - begun });
    await report({ type: 'figure', name: 'logs100mbLongestWait', value: slowest });
    await page.screenshot('logs-100mb');
  });

  /** Lines come that were not there. */
  async function goesOn(): Promise<void> {
    const last = async () =>
      Number(
        (await drawn())
          .join('\n')
          .match(/line (\d+)/g)
          ?.at(-1)
          ?.slice(5) ?? 0,
      );
    const count = async () => (await text()).match(/([\d,]+) lines/)?.[1] ?? '';
    const [before, total] = [await last(), await count()];
    await waitFor('more lines', async () => (await last()) !== before && (await count()) !== total, 60_000);
  }
});

const rows = () => page.texts('.pane-body .monaco-list-row');

async function inPage<T>(expression: string): Promise<T> {
  const found = await page.evaluateInNotebook<T | null>(
    `document.querySelector('.log-rows') === null ? null : (${expression})`,
  );
  return found.find(each => each !== null) as T;
}

const inWorkbench = <T>(expression: string) => page.evaluate<T>(expression);
const text = async () => (await inPage<string | undefined>('document.body.innerText')) ?? '';
const drawn = () =>
  inPage<string[]>(`[...document.querySelectorAll('.log-row')].map(row => row.textContent)`).then(
    all => all ?? [],
  );

function seen(pattern: RegExp, deadline = 30_000): Promise<unknown> {
  return waitFor(
    String(pattern),
    async () => pattern.test(await text()) || pattern.test((await drawn()).join('\n')),
    deadline,
  );
}

async function search(words: string): Promise<void> {
  await inPage(`(() => { const input = document.querySelector('.log-input'); input.value = ${JSON.stringify(words)};
    input.dispatchEvent(new Event('input')); return true; })()`);
}

async function toggle(label: string): Promise<void> {
  await inPage(
    `[...document.querySelectorAll('.log-toggle')].find(each => each.textContent === ${JSON.stringify(label)}).click()`,
  );
}
