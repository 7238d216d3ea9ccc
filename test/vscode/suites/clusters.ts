import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type Cluster, startCluster } from '../../support/kubernetes/cluster';
import { helmSecret, someRelease } from '../../support/kubernetes/helmRecord';
import { startMetricsServer } from '../../support/kubernetes/metricsServer';
import { kubernetesNode } from '../../support/kubernetes/programs';
import { needs } from '../../support/realSystem';
import { agentPid } from '../host/agent';
import { hasPage, page } from '../host/page';
import { unfold } from '../host/tree';
import { waitFor } from '../host/waitFor';

describe('The Clusters view', function () {
  this.timeout(180_000);
  let cluster: Cluster;
  before(function () {
    if (!hasPage()) this.skip();
  });
  before(needs(kubernetesNode));
  before(async function () {
    this.timeout(300_000);
    cluster = await startCluster({ node: true });
    process.env['KUBECONFIG'] = cluster.kubeconfig;
    await cluster.kubectl('create', 'namespace', 'shop');
    await cluster.apply(deployment('web', ['sleep', '100000']));
    await vscode.commands.executeCommand('workbench.view.extension.handrail');
    // Rows further down are not drawn.
    for (const other of ['health', 'runs', 'runbooks', 'containers'])
      await vscode.commands.executeCommand(`handrail.${other}.removeView`);
    await vscode.commands.executeCommand('handrail.clusters.focus');
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  it('lists contexts without contacting them', async () => {
    await seen(/^\s*test.*current · not connected · expand to connect/s);
    await seen(/^\s*viewer.*not connected · expand to connect/s);
    await page.screenshot('clusters-idle');
  });

  it('connects where a person unfolds a context, and goes down to containers', async () => {
    await unfold('test');
    await seen(/^\s*test.*current · v1\./s);
    await unfold('shop');
    await unfold('Workloads');
    await seen(/^\s*web.*1\/1/s);
    await unfold('web');
    await seen(/^\s*web-.*1\/1 · Running/s);
    await unfold('web-');
    await seen(/^\s*main.*running \d+/s);
    await page.screenshot('clusters');
  });

  it('shows what is wrong first, and says so in the row', async () => {
    await cluster.apply(deployment('broken', ['false']));
    await seen(/^\s*broken.*0\/1/s);
    const rows = (await page.texts(rowsSelector)).map(row => row.trim());
    const at = (name: string) => rows.findIndex(row => row.startsWith(name));
    assert.ok(at('broken') < at('web'), 'what is wrong comes first');
    await unfold('broken');
    await seen(/^\s*broken-.*0\/1 (CrashLoopBackOff|Error) · \d+ restarts?/s);
    await page.screenshot('clusters-problem');
  });

  it('opens an object as YAML, and its events', async () => {
    await row('Open YAML', 'broken-');
    const yaml = await waitFor('the YAML', () =>
      vscode.workspace.textDocuments.find(({ uri }) => /^\/broken-.*\.yaml$/.test(uri.path)),
    );
    assert.match(yaml.getText(), /^kind: Pod$/m);
    assert.ok(!yaml.getText().includes('managedFields'));
  });

  it('shows the releases of Helm, their history, and their values without what is secret', async () => {
    await unfold('Helm');
    await seen(/^\s*None/);
    const deployed = someRelease({ name: 'payments', namespace: 'shop' });
    await cluster.apply(helmSecret({ ...deployed, info: { ...deployed.info, status: 'superseded' } }));
    const info = { ...deployed.info, status: 'failed', description: 'timed out' };
    await cluster.apply(helmSecret({ ...deployed, version: 2, info }));
    await seen(/^\s*payments.*shop-1\.4\.2 · failed · revision 2 · .* · timed out/s);
    await unfold('payments');
    await seen(/^\s*revision 1.*superseded · shop-1\.4\.2/s);
    await page.screenshot('clusters-helm');
    const release = { kind: 'release', context: 'test', namespace: 'shop', release: 'payments' };
    await vscode.commands.executeCommand('handrail.openReleaseManifest', release);
    const manifest = await waitFor('the manifest', () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.path.endsWith('payments 2 manifest.yaml')),
    );
    assert.match(manifest.getText(), /kind: Secret[^]*password: "\*\*\*"/);
    assert.ok(!manifest.getText().includes('token-of-env'));
    await vscode.commands.executeCommand('handrail.clusters.focus');
    await page.click(`${rowsSelector}:has-text("Helm") .monaco-tl-twistie`);
  });

  it('shows what pods use once something measures that', async () => {
    const [web = ''] = (
      await cluster.kubectl('get', 'pods', '-n', 'shop', '-l', 'app=web', '-o', 'name')
    ).split('\n');
    const usage = { cpu: '12345678n', memory: '34Mi' };
    const metadata = { name: web.replace('pod/', ''), namespace: 'shop' };
    const pod = { metadata, timestamp: new Date().toISOString(), containers: [{ name: 'main', usage }] };
    const measured = await startMetricsServer(cluster, { pods: [pod], nodes: [] });
    try {
      // That nothing measured was known; who has the cluster anew asks again.
      await vscode.commands.executeCommand('handrail.letContextGo', { context: 'test' });
      await seen(/^\s*test.*not connected/s);
      await vscode.commands.executeCommand('handrail.retryContext', { context: 'test' });
      for (const folded of ['shop', 'Workloads', 'web']) await unfold(folded);
      await seen(/^\s*web-.*1\/1 · Running.* · 12m · 34 MiB/s, 60_000);
      await page.screenshot('clusters-usage');
    } finally {
      await measured[Symbol.asyncDispose]();
    }
  });

  it('says why a namespace does not go', async () => {
    await cluster.kubectl('create', 'namespace', '42');
    await cluster.kubectl('create', 'configmap', 'kept', '-n', '42');
    const finalizers = (names: readonly string[]) => JSON.stringify({ metadata: { finalizers: names } });
    const patch = ['patch', 'configmap', 'kept', '-n', '42', '--type=merge', '-p'];
    await cluster.kubectl(...patch, finalizers(['test.handrail.dev/never']));
    await cluster.kubectl('delete', 'namespace', '42', '--wait=false');
    await seen(/^\s*42.*Terminating · .*test\.handrail\.dev\/never/s, 60_000);
    await cluster.kubectl(...patch, finalizers([]));
  });

  it('says what this user may not, and shows a namespace that is named', async () => {
    await unfold('viewer');
    await seen(/Type a namespace….*may not list/s);
    void vscode.commands.executeCommand('handrail.showNamespace', { context: 'viewer' });
    await waitFor('the box', async () =>
      (await page.texts('.quick-input-title')).join().includes('Show a Namespace'),
    );
    await page.type('payments');
    await page.press('Enter');
    await seen(/^\s*payments\s*$/);
    await vscode.commands.executeCommand('handrail.letContextGo', { context: 'viewer' });
    await seen(/^\s*viewer.*not connected/s);
  });

  it('says that the API server has gone, keeps what was known, and comes back', async () => {
    await cluster.kill();
    await seen(/^\s*test.*refused/s);
    await seen(/^\s*web.*was 1\/1/s);
    await page.screenshot('clusters-gone');
    await cluster.start();
    await seen(/^\s*test.*current · v1\./s, 60_000);
    await seen(/^\s*web(?!-).*(?<!was )1\/1/s, 60_000);
  });

  it('goes on after the agent has ended', async () => {
    process.kill(await agentPid(), 'SIGKILL');
    await cluster.kubectl('scale', '-n', 'shop', 'deployment/web', '--replicas=2');
    await seen(/^\s*web.*2\/2/s, 60_000);
  });

  it('filters, and keeps the filter', async () => {
    void vscode.commands.executeCommand('handrail.filterClusters');
    await waitFor('the box', async () => (await page.texts('.quick-input-title')).join().includes('Filter'));
    await page.type('nothing-has-this');
    await page.press('Enter');
    await waitFor(
      'no namespace',
      async () => !(await page.texts(rowsSelector)).some(row => /^\s*shop\s*$/.test(row)),
    );
    await vscode.commands.executeCommand('handrail.clearClusterFilter');
    await seen(/^\s*shop\s*$/);
  });

  /** Presses the inline button of a row. */
  async function row(button: string, text: string): Promise<void> {
    const selector = `${rowsSelector}:has-text("${text}")`;
    await page.click(selector);
    await page.click(`${selector} .action-label[aria-label="${button}"]`);
  }
});

const rowsSelector = '.pane-body .monaco-list-row';

function seen(row: RegExp, deadline = 30_000): Promise<unknown> {
  return waitFor(
    String(row),
    async () => (await page.texts(rowsSelector)).some(text => row.test(text)),
    deadline,
  );
}

function deployment(name: string, command: readonly string[]): object {
  const labels = { app: name };
  const container = { name: 'main', image: 'localhost/busybox:1', command, imagePullPolicy: 'Never' };
  const spec = { containers: [container], terminationGracePeriodSeconds: 0 };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}
