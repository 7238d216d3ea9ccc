import * as assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { type Cluster, startCluster } from '../../support/kubernetes/cluster';
import { kubernetes } from '../../support/kubernetes/programs';
import { needs } from '../../support/realSystem';
import { notifications } from '../host/notifications';
import { hasPage, page } from '../host/page';
import { unfold } from '../host/tree';
import { waitFor } from '../host/waitFor';

const title = '.quick-input-title';
const choice = '.quick-input-list .monaco-list-row';
const rows = '.pane-body .monaco-list-row';

describe('Objects of a cluster as text', function () {
  this.timeout(180_000);
  let cluster: Cluster;
  let folder: string;
  before(function () {
    if (!hasPage()) this.skip();
  });
  before(needs(kubernetes));
  before(async function () {
    this.timeout(300_000);
    cluster = await startCluster();
    process.env['KUBECONFIG'] = cluster.kubeconfig;
    folder = join(vscode.workspace.workspaceFolders![0]!.uri.fsPath, 'deploy');
    await mkdir(folder, { recursive: true });
    await cluster.apply(map('edited', 'first'));
    await vscode.commands.executeCommand('workbench.view.extension.handrail');
    for (const other of ['health', 'runs', 'runbooks', 'containers'])
      await vscode.commands.executeCommand(`handrail.${other}.removeView`);
    await vscode.commands.executeCommand('handrail.clusters.focus');
    for (const name of ['test', 'default', 'Config']) await unfold(name);
    await waitFor('the row', async () => (await page.texts(rows)).some(text => /^\s*edited/.test(text)));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
    await cluster?.[Symbol.asyncDispose]();
  });

  const value = (name: string) => cluster.kubectl('get', 'cm', name, '-o', 'jsonpath={.data.a}');
  const asked = (what: string) =>
    waitFor(what, async () => (await page.texts(title)).join().includes(what), 30_000);
  const choose = async (label: string) => {
    await waitFor(label, async () => (await page.texts(choice)).some(text => text.includes(label)));
    await page.click(`${choice}:has-text("${label}")`);
  };
  const opened = () =>
    waitFor('the document', () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'handrail-cluster'),
    );
  const replace = async (document: vscode.TextDocument, from: string, to: string) => {
    const at = document.getText().indexOf(from);
    assert.ok(at >= 0, `${from} in ${document.getText()}`);
    const edit = new vscode.WorkspaceEdit();
    const range = new vscode.Range(document.positionAt(at), document.positionAt(at + from.length));
    edit.replace(document.uri, range, to);
    await vscode.workspace.applyEdit(edit);
  };
  const open = async () => {
    void vscode.commands.executeCommand('handrail.editYaml');
    await asked('Edit YAML of What?');
    await page.type('edited');
    await page.press('Enter');
    return opened();
  };

  /** After a save the document shows what the cluster has: its version, too. */
  const renewed = async (document: vscode.TextDocument) => {
    const version = await cluster.kubectl(
      'get',
      'cm',
      'edited',
      '-o',
      'jsonpath={.metadata.resourceVersion}',
    );
    await waitFor('what is new', () => document.getText().includes(`resourceVersion: "${version}"`));
  };

  it('shows what would come of a save, and applies it', async () => {
    const document = await open();
    await replace(document, 'a: first', 'a: second');
    const saved = document.save();
    await asked('Apply These Changes?');
    await page.screenshot('cluster-yaml-diff');
    assert.equal(await value('edited'), 'first');
    await choose('Apply');
    assert.equal(await saved, true);
    assert.equal(await value('edited'), 'second');
    await renewed(document);
    assert.match(document.getText(), /^ {2}a: second$/m);
  });

  it('keeps what was edited where it is not applied, and where it cannot be', async () => {
    const document = await open();
    await replace(document, 'a: second', 'a: third');
    const saved = Promise.resolve(document.save()).catch(() => false);
    await asked('Apply These Changes?');
    await choose('Go On Editing');
    assert.equal(await saved, false);
    assert.ok(document.isDirty && document.getText().includes('a: third'));
    await replace(document, '\ndata:', '\ndate:');
    assert.equal(await Promise.resolve(document.save()).catch(() => false), false);
    const [problem] = vscode.languages.getDiagnostics(document.uri);
    assert.match(problem?.message ?? '', /There is no field date here; is data meant\?/);
    assert.ok(document.isDirty);
    await replace(document, '\ndate:', '\ndata:');
  });

  it('tells of a conflict, and takes over or not', async () => {
    const document = await opened();
    await cluster.kubectl('patch', 'cm', 'edited', '-p', '{"data":{"a":"theirs"}}');
    const saved = document.save();
    await asked('Somebody Else Has Changed the Same');
    await page.screenshot('cluster-yaml-conflict');
    await choose('Take Over');
    await asked('Apply These Changes?');
    await choose('Apply');
    assert.equal(await saved, true);
    assert.equal(await value('edited'), 'third');
  });

  it('compares a folder, and applies it once all of it was shown', async () => {
    await writeFile(join(folder, 'a.json'), JSON.stringify(map('edited', 'from the file')));
    await writeFile(join(folder, 'b.json'), JSON.stringify(map('fresh', 'new')));
    const uri = vscode.Uri.file(folder);
    const where = async (heading: string) => {
      await asked(heading);
      await choose('test');
      await asked('Which Namespace on test?');
      await page.press('Enter');
    };
    void vscode.commands.executeCommand('handrail.compareWithCluster', uri);
    await where('Compare with Which Cluster?');
    await waitFor('the sum', async () =>
      (await notifications()).includes('test: 2 objects: 1 changed, 1 missing'),
    );
    await page.screenshot('cluster-compared');
    assert.equal(await value('edited'), 'third');
    void vscode.commands.executeCommand('handrail.applyToCluster', uri);
    await where('Apply to Which Cluster?');
    await asked('Conflict: configmaps/default/edited');
    await choose('Take Over');
    await asked('Apply These Changes?');
    await page.screenshot('cluster-apply');
    await choose('Apply to test');
    await waitFor('the value', async () => (await value('edited')) === 'from the file', 30_000);
    await waitFor('the new one', async () => (await value('fresh').catch(() => '')) === 'new', 30_000);
    await rm(join(folder, 'b.json'));
    void vscode.commands.executeCommand('handrail.applyToCluster', uri);
    await where('Apply to Which Cluster?');
    await asked('Remove What the Folder No Longer Has?');
    await choose('configmaps/default/fresh');
    await page.screenshot('cluster-prune');
    await page.click('.quick-input-action .monaco-button');
    await asked('Apply These Changes?');
    await choose('Apply to test');
    await waitFor('that it is gone', async () =>
      value('fresh').then(
        () => false,
        () => true,
      ),
    );
  });
});

function map(name: string, a: string): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data: { a } };
}
