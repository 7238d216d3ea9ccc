import * as assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { type Cluster, startCluster } from '../../support/kubernetes/cluster';
import { kubernetesNode } from '../../support/kubernetes/programs';
import { deployment } from '../../support/kubernetes/somePods';
import { needs } from '../../support/realSystem';
import { notifications } from '../host/notifications';
import { hasPage, page } from '../host/page';
import { unfold } from '../host/tree';
import { waitFor } from '../host/waitFor';

const rows = '.pane-body .monaco-list-row';
const title = '.quick-input-title';
const choice = '.quick-input-list .monaco-list-row';

describe('What one changes in a cluster', function () {
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
    await cluster.apply(deployment('web', 'sleep 100000', 1));
    await cluster.kubectl('create', 'secret', 'generic', 'login', '--from-literal=password=p4ss-w0rd');
    await cluster.kubectl('rollout', 'status', 'deploy/web', '--timeout=120s');
    await vscode.commands.executeCommand('workbench.view.extension.handrail');
    // Rows further down are not drawn.
    for (const other of ['health', 'runs', 'runbooks', 'containers'])
      await vscode.commands.executeCommand(`handrail.${other}.removeView`);
    await vscode.commands.executeCommand('handrail.clusters.focus');
    await vscode.commands.executeCommand('handrail.refreshClusters');
    for (const name of ['test', 'default', 'Workloads']) await unfold(name);
    await seen(/^\s*web.*1\/1/s);
  });
  after(async () => {
    if (outside === undefined) delete process.env['KUBECONFIG'];
    else process.env['KUBECONFIG'] = outside;
    await cluster?.[Symbol.asyncDispose]();
  });

  const get = async (what: string, path: string) =>
    (await cluster.kubectl('get', ...what.split(' '), '-o', `jsonpath={${path}}`)).trim();
  const rowOf = async (of: string, name: string, more: object = { within: 'default' }) => {
    const uid = await get(`${of.split('.')[0] ?? of} ${name}`, '.metadata.uid');
    return { kind: 'object', id: name, context: 'test', of, uid, ...more };
  };
  const command = async (name: string, of: string, object: string, more?: object) =>
    void vscode.commands.executeCommand(`handrail.${name}`, await rowOf(of, object, more));
  const asked = (what: string) =>
    waitFor(what, async () => (await page.texts(title)).join().includes(what), 30_000);
  const choose = async (label: string) => {
    await waitFor(label, async () => (await page.texts(choice)).some(text => text.includes(label)));
    await page.click(`${choice}:has-text("${label}")`);
  };

  it('scales a workload', async () => {
    await command('scaleObject', 'deployments.apps', 'web');
    await asked('Scale deployments web in default');
    await page.screenshot('cluster-scale');
    await page.type('3');
    await page.press('Enter');
    await seen(/^\s*web(?!-).*3\/3/s);
    assert.equal(await get('deploy web', '.spec.replicas'), '3');
  });

  it('restarts a rollout, and goes back to a revision', async () => {
    await command('restartRollout', 'deployments.apps', 'web');
    await waitFor('revision 2', async () =>
      (await get('deploy web', '.metadata.annotations')).includes('"deployment.kubernetes.io/revision":"2"'),
    );
    await cluster.kubectl('rollout', 'status', 'deploy/web', '--timeout=120s');
    await command('showRollout', 'deployments.apps', 'web');
    await asked('web: ');
    await page.screenshot('cluster-rollout');
    await choose('revision 1');
    await waitFor('revision 3', async () =>
      (await get('deploy web', '.metadata.annotations')).includes('"deployment.kubernetes.io/revision":"3"'),
    );
  });

  it('cordons a node and takes it back', async () => {
    const node = await get('nodes', '.items[0].metadata.name');
    // What no row is drawn of yet is chosen by its name.
    await unfold('Nodes');
    await seen(new RegExp(`^\\s*${node}`));
    await command('cordonNode', 'nodes', node, {});
    await waitFor('it', async () => (await get(`node ${node}`, '.spec.unschedulable')) === 'true');
    await command('uncordonNode', 'nodes', node, {});
    await waitFor('it', async () => (await get(`node ${node}`, '.spec.unschedulable')) === '');
  });

  it('drains a node as far as a budget lets it, says what it waits for, and then of all', async () => {
    const node = await get('nodes', '.items[0].metadata.name');
    await cluster.kubectl('rollout', 'status', 'deploy/web', '--timeout=120s');
    await cluster.apply({
      ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
      metadata: { name: 'keep', namespace: 'default' },
      spec: { minAvailable: 3, selector: { matchLabels: { app: 'web' } } },
    });
    await waitFor(
      'the budget',
      async () => (await get('pdb keep', '.status.currentHealthy')) === '3',
      60_000,
    );
    await command('drainNode', 'nodes', node, {});
    await asked(`Drain nodes ${node} on test`);
    await page.screenshot('cluster-drain-asks');
    await choose('Its pods are evicted');
    const terminal = await waitFor(
      'its terminal',
      () => vscode.window.terminals.find(({ name }) => name === `drain ${node}`),
      30_000,
    );
    await waitFor('the cordon', async () => (await get(`node ${node}`, '.spec.unschedulable')) === 'true');
    await new Promise(resolve => setTimeout(resolve, 3000));
    await page.screenshot('cluster-drain-waits');
    const placed = async () =>
      (await get('pods -l app=web', '.items[*].spec.nodeName')).split(' ').filter(Boolean).length;
    assert.equal(await placed(), 3);
    await cluster.kubectl('delete', 'pdb', 'keep');
    await waitFor('them to be gone', async () => (await placed()) === 0, 120_000);
    await page.screenshot('cluster-drained');
    terminal.dispose();
    await cluster.kubectl('uncordon', node);
    await cluster.kubectl('rollout', 'status', 'deploy/web', '--timeout=120s');
  });

  it('sets an image, and tells how the rollout goes', async () => {
    await command('setImage', 'deployments.apps', 'web');
    await asked('Image of web/main');
    await page.press('Control+A');
    await page.type('localhost/nowhere:2');
    await page.press('Enter');
    const image = '.spec.template.spec.containers[0].image';
    await waitFor('it', async () => (await get('deploy web', image)) === 'localhost/nowhere:2');
    await waitFor('how it goes', async () => (await notifications()).includes('Rollout of web'));
    await page.screenshot('cluster-rolling');
    await cluster.kubectl('rollout', 'undo', 'deploy/web');
    await cluster.kubectl('rollout', 'status', 'deploy/web', '--timeout=120s');
  });

  it('labels, and takes a label away', async () => {
    for (const [typed, left] of [
      ['tier=front odd-', 'front'],
      ['tier-', ''],
    ] as const) {
      await command('labelObject', 'deployments.apps', 'web');
      await asked('Label deployments web in default');
      await page.type(typed);
      await page.press('Enter');
      await waitFor(typed, async () => (await get('deploy web', '.metadata.labels.tier')) === left);
    }
  });

  it('copies one value of a Secret, decoded', async () => {
    await unfold('Config');
    await seen(/^\s*login/);
    await command('showSecretValue', 'secrets', 'login');
    await asked('Which Value of login?');
    await choose('password');
    await asked('login: password');
    await choose('Copy');
    await waitFor('the value', async () => (await vscode.env.clipboard.readText()) === 'p4ss-w0rd');
    await vscode.env.clipboard.writeText('');
  });

  it('asks before it deletes, names what and where, and does nothing where a person declines', async () => {
    await command('deleteObject', 'deployments.apps', 'web');
    await asked('Delete deployments web in default on test, https://');
    for (const theme of ['Default Light Modern', 'Default High Contrast', 'Default Dark Modern']) {
      await vscode.workspace.getConfiguration('workbench').update('colorTheme', theme, true);
      await page.screenshot(`cluster-delete-${theme.split(' ')[1]?.toLowerCase() ?? ''}`);
    }
    await choose('Do Not Delete');
    assert.equal(await get('deploy web', '.metadata.deletionTimestamp'), '');
  });

  it('refuses on a read-only context before it asks, and says why', async () => {
    await config('readOnly: [test]\n');
    await seen(/^\s*test.*read-only/s);
    await command('deleteObject', 'deployments.apps', 'web');
    await told(/Nothing is changed on test: it is read-only/);
    await config('production: [test]\n');
    await seen(/^\s*test.*production/s);
  });

  it('wants the name of a production context typed before it deletes', async () => {
    await command('deleteObject', 'deployments.apps', 'web');
    await asked('Delete deployments web in default on test');
    await choose('What it owns');
    await asked('test is production');
    await page.screenshot('cluster-delete-production');
    await page.press('Escape');
    assert.equal(await get('deploy web', '.metadata.deletionTimestamp'), '');
    await command('deleteObject', 'deployments.apps', 'web');
    await asked('Delete deployments web in default on test');
    await choose('What it owns');
    await asked('test is production');
    await page.type('test');
    await page.press('Enter');
    await waitFor('it gone', async () => (await get('deploy', '.items[*].metadata.name')) === '', 60_000);
    await config('');
  });

  it('refuses what the user may not, and names the verb', async () => {
    await cluster.apply(deployment('api', 'sleep 100000', 1));
    const looks = ['--verb=get,list,watch', '--resource=deployments.apps,namespaces'];
    await cluster.kubectl('create', 'clusterrole', 'looks', ...looks);
    await cluster.kubectl('create', 'clusterrolebinding', 'looks', '--clusterrole=looks', '--user=viewer');
    await unfold('test').catch(() => undefined);
    await page.click(`${rows}:has-text("test") .monaco-tl-twistie`);
    for (const name of ['viewer', 'default', 'Workloads']) await unfold(name);
    await seen(/^\s*api/);
    await command('scaleObject', 'deployments.apps', 'api', { context: 'viewer', within: 'default' });
    await told(/viewer may not patch deployments\/scale in default.*The verb patch/s);
    await page.screenshot('cluster-refused');
  });
});

async function config(text: string): Promise<void> {
  const folder = join(process.env['HANDRAIL_HOME'] ?? '', 'config');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.yaml'), text);
  await vscode.commands.executeCommand('handrail.refreshClusters');
}

function told(pattern: RegExp): Promise<unknown> {
  return waitFor(String(pattern), async () => pattern.test(await notifications()), 30_000);
}

function seen(row: RegExp, deadline = 60_000): Promise<unknown> {
  return waitFor(String(row), async () => (await page.texts(rows)).some(text => row.test(text)), deadline);
}
