import * as assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { type Cluster, startCluster } from '../../support/kubernetes/cluster';
import { kubernetesNode } from '../../support/kubernetes/programs';
import { deployment, pod } from '../../support/kubernetes/somePods';
import { needs } from '../../support/realSystem';
import { cellWith, ended, inWorkspace, openRunbook, plainText } from '../host/notebook';
import { hasPage, page } from '../host/page';
import { unfold } from '../host/tree';
import { waitFor } from '../host/waitFor';

const row = '.pane-body .monaco-list-row';
const podRow = `${row}[aria-label^="box, pods"]`;

describe('Pods as the target of cells', function () {
  this.timeout(180_000);
  let cluster: Cluster;
  const outside = process.env['KUBECONFIG'];
  before(function () {
    if (!hasPage()) this.skip();
  });
  before(needs(kubernetesNode));
  before(async function () {
    this.timeout(300_000);
    cluster = await startCluster({ node: true });
    process.env['KUBECONFIG'] = cluster.kubeconfig;
    await cluster.apply(pod('box', 'sleep 100000'));
    await cluster.apply(deployment('web', 'sleep 100000'));
    await cluster.kubectl('wait', 'pod/box', '--for=condition=Ready', '--timeout=120s');
    await cluster.kubectl('rollout', 'status', 'deploy/web', '--timeout=120s');
    await vscode.commands.executeCommand('workbench.view.extension.handrail');
    // Rows further down are not drawn.
    for (const other of ['health', 'runs', 'runbooks', 'containers'])
      await vscode.commands.executeCommand(`handrail.${other}.removeView`);
    await vscode.commands.executeCommand('handrail.clusters.focus');
    await vscode.commands.executeCommand('handrail.refreshClusters');
    for (const name of ['test', 'default', 'Workloads']) await unfold(name);
    await seen(/^\s*box.*1\/1/s);
  });
  after(async () => {
    if (outside === undefined) delete process.env['KUBECONFIG'];
    else process.env['KUBECONFIG'] = outside;
    await cluster?.[Symbol.asyncDispose]();
  });

  it('run the chosen cell once, whatever target it names, and leave its file as it is', async () => {
    const text = '# Here\n\n```sh {name=where target=container:gone}\necho "in $(hostname)"\n```\n';
    const notebook = await open('pod-here.runbook.md', text);
    const cell = await choose(notebook, 'hostname');
    const container = { kind: 'container', id: 'x', context: 'test', namespace: 'default', pod: 'box' };
    await vscode.commands.executeCommand('handrail.runCellHere', {
      ...container,
      container: { name: 'main' },
    });
    assert.equal(await ended(cell), true);
    assert.equal(plainText(cell), 'in box\n');
    assert.equal(await readFile(inWorkspace('pod-here.runbook.md'), 'utf8'), text);
    await page.screenshot('pod-target-run-here');
  });

  it('run it in a pod of a workload from its menu', async () => {
    const notebook = await open('pod-menu.runbook.md', '```sh {name=where}\necho "in $(hostname)"\n```\n');
    const cell = await choose(notebook, 'hostname');
    await fromMenu('Run Cell Here');
    assert.equal(await ended(cell), true);
    assert.match(plainText(cell) ?? '', /^in web-/);
  });

  it('are dragged into the text of a cell, with their context', async () => {
    const file = 'pod-drag.runbook.md';
    const notebook = await open(file, 'Text\n\n```sh {name=dragged}\necho dragged-here\n```\n');
    await choose(notebook, 'dragged-here');
    await vscode.commands.executeCommand('handrail.clusters.focus');
    await page.drag(podRow, '.notebook-editor .view-line:has-text("dragged")', 'Shift');
    await waitFor('the target', () => notebook.isDirty);
    await page.screenshot('pod-target-dragged');
    await notebook.save();
    assert.equal(
      await readFile(inWorkspace(file), 'utf8'),
      'Text\n\n```sh {name=dragged target=pod:test/default/box}\necho dragged-here\n```\n',
    );
  });

  it('are inserted as the target of a workload', async () => {
    const file = 'pod-insert.runbook.md';
    const notebook = await open(file, '```sh {name=inserted}\necho inserted-here\n```\n');
    await choose(notebook, 'inserted-here');
    await fromMenu('Insert as Target');
    await waitFor('the target', () => notebook.isDirty);
    await notebook.save();
    const written = await readFile(inWorkspace(file), 'utf8');
    assert.equal(
      written,
      '```sh {name=inserted target=pod:test/default/deploy/web}\necho inserted-here\n```\n',
    );
  });

  it('are offered where no row says which', async () => {
    const notebook = await open('pod-pick.runbook.md', '```sh {name=picked}\necho "in $(hostname)"\n```\n');
    const cell = await choose(notebook, 'hostname');
    void vscode.commands.executeCommand('handrail.runCellHere');
    await page.click('.quick-input-widget .monaco-list-row:has-text("Pod")');
    await page.click('.quick-input-widget .monaco-list-row:has-text("box")');
    assert.equal(await ended(cell), true);
    assert.equal(plainText(cell), 'in box\n');
  });
});

async function open(file: string, text: string): Promise<vscode.NotebookDocument> {
  await writeFile(inWorkspace(file), text);
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

/** Chooses from the menu of the workload's row. */
async function fromMenu(label: string): Promise<void> {
  await vscode.commands.executeCommand('handrail.clusters.focus');
  await page.click(`${row}[aria-label^="web, deployments.apps"] .label-name`);
  await page.press('Shift+F10');
  await page.click(`.monaco-menu .action-menu-item:has-text("${label}")`);
}

function seen(pattern: RegExp): Promise<unknown> {
  return waitFor(`a row like ${String(pattern)}`, async () => {
    const all = await page.texts(row);
    if (all.some(text => pattern.test(text))) return true;
    throw new Error(`there are:\n${all.join('\n')}`);
  });
}
