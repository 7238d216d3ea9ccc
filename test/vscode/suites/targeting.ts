import * as assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { dockerd, startDocker } from '../../support/engine/dockerd';
import type { RealEngine } from '../../support/engine/engine';
import { needs } from '../../support/realSystem';
import { cellWith, ended, inWorkspace, openRunbook, plainText } from '../host/notebook';
import { hasPage, page } from '../host/page';
import { waitFor } from '../host/waitFor';

const row = '.pane-body .monaco-list-row';
const webRow = `${row}[aria-label^="web, container"]`;
/** What Docker's own program would use, and nothing of this machine's. */
const endpoint = 'environment';

describe('Containers as the target of cells', function () {
  this.timeout(120_000);
  let engine: RealEngine;
  const outside = { ...process.env };

  before(async function () {
    if (!hasPage()) this.skip();
    await needs(dockerd).call(this);
    engine = await startDocker();
    await engine.load('busybox');
    const started = ['run', '-d', '--init', '--name'];
    const program = ['localhost/busybox:1', 'sleep', '100000'];
    await engine.docker(...started, 'web', ...program);
    const label = (name: string, value: string) => ['--label', `com.docker.compose.${name}=${value}`];
    const labels = [...label('project', 'shop'), ...label('service', 'api')];
    for (const number of ['1', '2'])
      await engine.docker(
        ...started,
        `shop-api-${number}`,
        ...labels,
        ...label('container-number', number),
        ...program,
      );
    Object.assign(process.env, engine.env);
    await showContainers();
  });

  after(async () => {
    for (const name of Object.keys(engine?.env ?? {})) {
      if (outside[name] === undefined) delete process.env[name];
      else process.env[name] = outside[name];
    }
    await engine?.[Symbol.asyncDispose]();
  });

  it('run the chosen cell once, whatever target it names, and leave its file as it is', async () => {
    const text = '# Here\n\n```sh {name=where target=container:gone}\necho "in $(hostname)"\n```\n';
    const notebook = await open('here.runbook.md', text);
    const cell = await choose(notebook, 'hostname');
    await vscode.commands.executeCommand('handrail.runCellHere', await containerRow('web'));
    assert.equal(await ended(cell), true);
    assert.equal(plainText(cell), `in ${await shortId('web')}\n`);
    assert.equal(notebook.isDirty, false);
    assert.equal(await readFile(inWorkspace('here.runbook.md'), 'utf8'), text);
    await page.screenshot('target-run-here');
  });

  it('are told by the history, and taken again by whoever runs that run again', async () => {
    await vscode.commands.executeCommand('handrail.runs.focus');
    await seen(/here.*✓ where.*on container:web/s);
    await page.screenshot('target-history');
    const notebook = await open('here.runbook.md');
    const cell = cellWith(notebook, 'hostname');
    const before = cell.executionSummary?.timing?.endTime;
    await page.click(`${row}:has-text("on container:web")`);
    await page.click(`${row}:has-text("on container:web") .action-label[aria-label^="Run Again"]`);
    await waitFor('it to have run again', () => {
      const { success, timing } = cell.executionSummary ?? {};
      return success === true && timing?.endTime !== before;
    });
    assert.equal(plainText(cell), `in ${await shortId('web')}\n`);
  });

  it('run the block at the cursor of a Markdown file, in a service', async () => {
    const file = 'here-plain.md';
    await writeFile(inWorkspace(file), 'Text\n\n```bash\necho "in $(hostname)"\n```\n');
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(inWorkspace(file)));
    editor.selection = new vscode.Selection(3, 0, 3, 0);
    await vscode.commands.executeCommand('handrail.runCellHere', {
      kind: 'bundle',
      id: `${endpoint}/project/shop/api`,
      endpoint,
      by: { project: 'shop', service: 'api' },
    });
    const notebook = await waitFor('the runbook', () => vscode.window.activeNotebookEditor?.notebook);
    const cell = cellWith(notebook, 'hostname');
    assert.equal(await ended(cell), true);
    const ids = [await shortId('shop-api-1'), await shortId('shop-api-2')];
    assert.ok(
      ids.some(id => plainText(cell) === `in ${id}\n`),
      plainText(cell),
    );
  });

  it('run a cell that is picked where none is in front', async () => {
    await writeFile(inWorkspace('picked.runbook.md'), '```sh {name=picked}\necho "in $(hostname)"\n```\n');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    void vscode.commands.executeCommand('handrail.runCellHere', await containerRow('web'));
    await waitFor('its entry', async () => {
      const entries = await page.texts('.quick-input-widget .monaco-list-row');
      if (entries.some(text => text.includes('picked.runbook.md:1'))) return true;
      throw new Error(`there are:\n${entries.join('\n')}`);
    });
    await page.screenshot('target-pick');
    await page.type('picked.runbook');
    await page.press('Enter');
    const notebook = await waitFor('the runbook', () => vscode.window.activeNotebookEditor?.notebook);
    const cell = cellWith(notebook, 'hostname');
    assert.equal(await ended(cell), true);
    assert.equal(plainText(cell), `in ${await shortId('web')}\n`);
  });

  it('are dragged into the text of a cell', async () => {
    const notebook = await open('drag.runbook.md', 'Text\n\n```sh {name=dragged}\necho dragged-here\n```\n');
    await choose(notebook, 'dragged-here');
    await vscode.commands.executeCommand('handrail.containers.focus');
    await seen(/^\s*web/);
    await page.drag(webRow, '.notebook-editor .view-line:has-text("dragged")', 'Shift');
    await waitFor('the target', () => notebook.isDirty);
    await page.screenshot('target-dragged');
    await notebook.save();
    assert.equal(
      await readFile(inWorkspace('drag.runbook.md'), 'utf8'),
      'Text\n\n```sh {name=dragged target=container:web}\necho dragged-here\n```\n',
    );
  });

  it('are dragged into a code block of a Markdown file', async () => {
    const file = 'drag-plain.md';
    await writeFile(inWorkspace(file), 'Text\n\n~~~bash\necho dragged-plain\n~~~\n');
    const { document } = await vscode.window.showTextDocument(vscode.Uri.file(inWorkspace(file)));
    await vscode.commands.executeCommand('handrail.containers.focus');
    await page.drag(webRow, '.editor-instance .view-line:has-text("dragged-plain")', 'Shift');
    await waitFor('the target', () => document.isDirty);
    assert.equal(document.getText(), 'Text\n\n~~~bash {target=container:web}\necho dragged-plain\n~~~\n');
    await document.save();
  });

  async function showContainers(): Promise<void> {
    await vscode.commands.executeCommand('workbench.view.extension.handrail');
    for (const other of ['health', 'runbooks'])
      await vscode.commands.executeCommand(`handrail.${other}.removeView`);
    await vscode.commands.executeCommand('handrail.containers.focus');
    await vscode.commands.executeCommand('handrail.refreshContainers');
    await seen(/not connected/);
    await page.click(`${row}:has-text("not connected")`);
    await page.press('ArrowRight');
    await seen(/3 running/);
  }

  function shortId(name: string): Promise<string> {
    return engine.docker('inspect', '--format', '{{.Config.Hostname}}', name);
  }

  /** The row of a container, as a menu gives it to a command. */
  async function containerRow(name: string): Promise<unknown> {
    const object = await engine.docker('inspect', '--format', '{{.Id}}', name);
    return { kind: 'object', id: `${endpoint}/container/${object}`, endpoint, of: 'container', object };
  }
});

async function open(file: string, text?: string): Promise<vscode.NotebookDocument> {
  if (text !== undefined) await writeFile(inWorkspace(file), text);
  return openRunbook(file);
}

async function choose(notebook: vscode.NotebookDocument, text: string): Promise<vscode.NotebookCell> {
  const cell = cellWith(notebook, text);
  await waitFor('the cell to be chosen', () => {
    const editor = vscode.window.activeNotebookEditor;
    if (editor?.notebook !== notebook) return false;
    if (editor.selection.start === cell.index) return true;
    editor.selection = new vscode.NotebookRange(cell.index, cell.index + 1);
    return false;
  });
  return cell;
}

function seen(pattern: RegExp): Promise<unknown> {
  return waitFor(`a row like ${String(pattern)}`, async () => {
    const all = await page.texts(row);
    if (all.some(text => pattern.test(text))) return true;
    throw new Error(`there are:\n${all.join('\n')}`);
  });
}
