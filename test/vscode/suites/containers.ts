import * as assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { RealEngine } from '../../support/engine/engine';
import { agentPid } from '../host/agent';
import { containerNode, dockerOfWindow, ofProject, showContainers } from '../host/engineOfWindow';
import { cellWith, ended, inWorkspace, openRunbook, plainText, run as runCell } from '../host/notebook';
import { page } from '../host/page';
import { waitFor } from '../host/waitFor';

const row = '.pane-body .monaco-list-row';

describe('The Containers view', function () {
  this.timeout(120_000);
  const engine = dockerOfWindow({}, async real => {
    await real.load('busybox', 'healthy');
    await run(real, 'web', '-p', '127.0.0.1:18080:80');
    for (const service of ['api', 'db'])
      await run(real, `shop-${service}-1`, ...ofProject('shop', service), '-e', 'PASSWORD=hunter22');
  });

  function run(real: RealEngine, name: string, ...options: string[]): Promise<string> {
    return real.docker(
      'run',
      '-d',
      '--init',
      '--name',
      name,
      ...options,
      'localhost/busybox:1',
      'sleep',
      '100000',
    );
  }

  const node = (name: string) => containerNode(engine(), name);

  it('lists engines without contacting them', async () => {
    await showContainers();
    await seen(/not connected · expand to connect/);
    await page.screenshot('containers-idle');
  });

  it('connects where a person unfolds an engine, and shows what it has', async () => {
    await page.click(`${row}:has-text("not connected")`);
    await page.press('ArrowRight');
    await seen(/3 running/);
    await seen(/web.*Up \d+/s);
    await seen(/shop.*2 running/s);
    await page.click(`${row}:has-text("shop")`);
    await page.press('ArrowRight');
    await seen(/^\s*api.*Up \d+/s);
    await seen(/18080→80/);
    await page.screenshot('containers');
  });

  it('shows usage of what is in sight', async () => {
    await seen(/web.* % · .*B/s);
  });

  it('stops and starts by the buttons of a row', async () => {
    await button('web', 'Stop');
    await seen(/web.*exited 143|web.*exited 137/s);
    await seen(/2 running · 1 stopped/);
    await button('web', 'Start');
    await seen(/3 running(?! ·)/);
  });

  it('shows what happens elsewhere soon', async () => {
    await engine().docker('pause', 'web');
    await seen(/web.*paused/s);
    await engine().docker('unpause', 'web');
    await engine().docker('rename', 'web', 'renamed');
    await seen(/renamed.*Up/s);
    await engine().docker('rename', 'renamed', 'web');
    await seen(/web.*Up/s);
  });

  it('removes nothing where nobody has said yes', async () => {
    // VS Code shows no dialog in tests, which is the same as Escape; its words have tests of their own.
    await vscode.commands.executeCommand('handrail.removeContainer', await node('web'));
    assert.match(await engine().docker('ps', '--format', '{{.Names}}'), /web/);
  });

  it('opens a shell that is a terminal', async () => {
    await vscode.commands.executeCommand('handrail.openShell', await node('web'));
    const terminal = await waitFor('the shell', () =>
      vscode.window.terminals.find(({ name }) => /^web: (sh|ash|bash)$/.test(name)),
    );
    terminal.sendText('stty size > /size; test -t 0 && echo $((6*7)) > /made-in-shell');
    await waitFor(
      'its work',
      async () => (await engine().docker('exec', 'web', 'cat', '/made-in-shell')) === '42',
    );
    assert.match(await engine().docker('exec', 'web', 'cat', '/size'), /^[1-9]\d* [1-9]\d*$/);
    await page.screenshot('containers-shell');
    terminal.sendText('exit');
    await waitFor('it to go', () => !vscode.window.terminals.includes(terminal));
  });

  it('makes a container the target of the cell in front, which runs there from then on', async () => {
    const file = 'target.runbook.md';
    await writeFile(
      inWorkspace(file),
      'Text\n\n```sh {name=far}\necho $((6*7)) >/made-by-cell; echo done\n```\n',
    );
    const notebook = await openRunbook(file);
    const cell = cellWith(notebook, 'made-by-cell');
    await waitFor('the cell to be chosen', () => {
      const editor = vscode.window.activeNotebookEditor;
      if (editor?.notebook !== notebook) return false;
      if (editor.selection.start === cell.index) return true;
      editor.selection = new vscode.NotebookRange(cell.index, cell.index + 1);
      return false;
    });
    await vscode.commands.executeCommand('handrail.insertTarget', await node('web'));
    await notebook.save();
    const saved = await readFile(inWorkspace(file), 'utf8');
    assert.match(saved, /^Text\n\n```sh \{name=far target=container:web\}\necho/);
    await runCell(cell);
    assert.equal(await ended(cell), true);
    assert.equal(plainText(cell), 'done\n');
    assert.equal(await engine().docker('exec', 'web', 'cat', '/made-by-cell'), '42');
    await page.screenshot('containers-target');
  });

  it('does so for the block at the cursor of a Markdown file', async () => {
    const file = 'target-plain.md';
    await writeFile(inWorkspace(file), 'Text\n\n~~~bash\nls\n~~~\n');
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(inWorkspace(file)));
    editor.selection = new vscode.Selection(3, 0, 3, 0);
    await vscode.commands.executeCommand('handrail.insertTarget', await node('web'));
    assert.equal(editor.document.getText(), 'Text\n\n~~~bash {target=container:web}\nls\n~~~\n');
    await editor.document.save();
  });

  it('masks the environment until asked', async () => {
    await vscode.commands.executeCommand('handrail.showEnvironment', await node('shop-api-1'));
    const text = () => vscode.window.activeTextEditor?.document.getText() ?? '';
    await waitFor('the variables', () => text().includes('PASSWORD='));
    assert.ok(!text().includes('hunter22'));
    await vscode.commands.executeCommand(
      'handrail.revealEnvironment',
      vscode.window.activeTextEditor?.document.uri,
    );
    await waitFor('the values', () => text().includes('PASSWORD=hunter22'));
    await vscode.commands.executeCommand('handrail.inspectObject', await node('shop-api-1'));
    await waitFor('all of it', () => text().includes('com.docker.compose.project: shop'));
    assert.ok(!text().includes('hunter22'));
    await page.screenshot('containers-inspect');
  });

  it('shows images, volumes and networks where they are unfolded', async () => {
    for (const [section, expected] of [
      ['Images', /localhost\/busybox:1.*MiB.*used by 3/s],
      ['Networks', /bridge.*bridge · 10\./s],
    ] as const) {
      await page.click(`${row}:has-text("${section}")`);
      await page.press('ArrowRight');
      await seen(expected);
    }
    await page.screenshot('containers-objects');
    for (const section of ['Images', 'Networks']) {
      await page.click(`${row}:has-text("${section}")`);
      await page.press('ArrowLeft');
    }
  });

  it('filters, and keeps the filter', async () => {
    void vscode.commands.executeCommand('handrail.filterContainers');
    await waitFor('the input', async () => (await page.texts('.quick-input-widget input')).length === 1);
    await page.type('shop db');
    await page.press('Enter');
    await seen(/1 of 3 match “shop db”/);
    await page.screenshot('containers-filtered');
    await vscode.commands.executeCommand('handrail.clearContainerFilter');
    await seen(/web.*Up/s);
  });

  it('shows that the engine has gone, keeps what was known, and comes back', async () => {
    await engine().kill();
    await seen(/was 3 running/);
    await seen(/web.*was running/s);
    await page.screenshot('containers-gone');
    await engine().start();
    await seen(/3 (running|stopped)|\d running · \d stopped/, 60_000);
    await seen(/web.*(Up|exited)/s);
    await page.screenshot('containers-back');
  });

  it('says so while the agent is away, and goes on after', async () => {
    process.kill(await agentPid(), 'SIGKILL');
    await seen(/no agent · was/);
    await seen(/3 (running|stopped)|\d running · \d stopped/, 60_000);
  });
});

function rows(): Promise<string[]> {
  return page.texts(row);
}

function seen(pattern: RegExp, deadline?: number): Promise<unknown> {
  return waitFor(
    `a row like ${String(pattern)}`,
    async () => {
      const all = await rows();
      if (all.some(text => pattern.test(text))) return true;
      throw new Error(`there are:\n${all.join('\n')}`);
    },
    deadline,
  );
}

/** Presses a button within a row. */
async function button(name: string, title: string): Promise<void> {
  await page.click(`${row}:has-text("${name}")`);
  await page.click(`${row}:has-text("${name}") .action-label[aria-label^="${title}"]`);
}
