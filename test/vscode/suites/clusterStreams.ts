import * as assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { type Cluster, startCluster } from '../../support/kubernetes/cluster';
import { kubernetesNode } from '../../support/kubernetes/programs';
import { box, deployment, pod } from '../../support/kubernetes/somePods';
import { needs } from '../../support/realSystem';
import { notifications } from '../host/notifications';
import { hasPage, page } from '../host/page';
import { unfold } from '../host/tree';
import { waitFor } from '../host/waitFor';

const rows = '.pane-body .monaco-list-row';
const title = '.quick-input-title';
const choice = '.quick-input-list .monaco-list-row';
const talks = 'n=0; while true; do n=$((n + 1)); echo "line $n of $HOSTNAME"; sleep 1; done';
const serves =
  'while true; do printf "HTTP/1.1 200 OK\\r\\nConnection: close\\r\\n\\r\\nfrom $HOSTNAME" | nc -l -p 8000; done';

describe('What one looks at and connects with in a cluster', function () {
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
    await cluster.apply(pod('box', talks, { containers: [box(talks)] }));
    await cluster.apply(deployment('web', talks, 2));
    await cluster.apply(deployment('http', serves, 1, { ports: [{ name: 'http', containerPort: 8000 }] }));
    await cluster.kubectl('wait', 'pod/box', '--for=condition=Ready', '--timeout=120s');
    for (const name of ['web', 'http'])
      await cluster.kubectl('rollout', 'status', `deploy/${name}`, '--timeout=120s');
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

  const rowOf = async (of: string, name: string) => {
    const [kind] = of.split('.');
    const uid = await cluster.kubectl('get', kind ?? of, name, '-o', 'jsonpath={.metadata.uid}');
    return { kind: 'object', id: name, context: 'test', within: 'default', of, uid: uid.trim() };
  };
  const asked = (what: string) =>
    waitFor(what, async () => (await page.texts(title)).join().includes(what), 30_000);
  const choose = async (label: string) => {
    await waitFor(label, async () => (await page.texts(choice)).some(text => text.includes(label)));
    await page.click(`${choice}:has-text("${label}")`);
  };
  /** Without a terminal of its own a person would see nothing of it. */
  const terminal = (name: RegExp) =>
    waitFor(
      `the terminal ${String(name)}`,
      () => vscode.window.terminals.find(one => name.test(one.name)),
      60_000,
    );
  /** The port of this machine that the forward's row tells of. */
  const forwarded = async (text: RegExp) => {
    const found = await waitFor(
      'the forward',
      async () => (await page.texts(rows)).find(row => text.test(row)),
      30_000,
    );
    return Number(/localhost:(\d+)/.exec(found)?.[1]);
  };
  const answer = (port: number) =>
    waitFor(
      'an answer',
      async () => {
        try {
          return await (await fetch(`http://127.0.0.1:${String(port)}`)).text();
        } catch {
          return undefined;
        }
      },
      60_000,
    );

  it('shows the log of a pod from its row, and of a time', async () => {
    await page.click(`${rows}[aria-label^="box, pods"]`);
    await page.click(`${rows}[aria-label^="box, pods"] .action-label[aria-label="Show Logs"]`);
    await logged(/line \d+ of box/);
    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab?.label, 'Logs: box');
    void vscode.commands.executeCommand('handrail.showPodLogsWith', await rowOf('pods', 'box'));
    await asked('Which Part of the Logs?');
    await page.screenshot('cluster-logs-part');
    await choose('The Last Hour');
    await waitFor('the page', () =>
      /^Logs: box \(since /.test(vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? ''),
    );
    await logged(/line \d+ of box/);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('merges the logs of a workload, and goes on with the pods that come', async () => {
    await vscode.commands.executeCommand('handrail.showPodLogs', await rowOf('deployments.apps', 'web'));
    const names = (await cluster.kubectl('get', 'pods', '-l', 'app=web', '-o', 'name')).trim().split('\n');
    for (const name of names) await logged(new RegExp(`of ${name.replace('pod/', '')}`));
    for (const theme of ['Default Light Modern', 'Default High Contrast', 'Default Dark Modern']) {
      await vscode.workspace.getConfiguration('workbench').update('colorTheme', theme, true);
      await page.screenshot(`cluster-logs-${theme.split(' ')[1]?.toLowerCase() ?? ''}`);
    }
    await cluster.kubectl('delete', names[0] ?? '', '--wait=false');
    const next = await waitFor(
      'its successor',
      async () =>
        (await cluster.kubectl('get', 'pods', '-l', 'app=web', '-o', 'name'))
          .trim()
          .split('\n')
          .find(name => !names.includes(name)),
      60_000,
    );
    await logged(new RegExp(`of ${next.replace('pod/', '')}`), 60_000);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('opens a shell in a pod, on a terminal', async () => {
    await vscode.commands.executeCommand('handrail.openPodShell', await rowOf('pods', 'box'));
    const shell = await terminal(/^box\/main: (ash|sh)$/);
    shell.sendText('stty size > /tmp/size; test -t 0 && echo $((6*7)) > /tmp/made-in-shell');
    const kept = (name: string) =>
      cluster.kubectl('exec', 'box', '--', 'cat', `/tmp/${name}`).catch(() => '');
    await waitFor('its work', async () => (await kept('made-in-shell')).trim() === '42', 30_000);
    assert.match((await kept('size')).trim(), /^[1-9]\d* [1-9]\d*$/);
    await page.screenshot('cluster-shell');
    shell.sendText('exit');
    await waitFor('it to go', () => !vscode.window.terminals.includes(shell), 30_000);
  });

  it('describes an object, and shows commands of kubectl', async () => {
    await vscode.commands.executeCommand('handrail.describeObject', await rowOf('pods', 'box'));
    const document = await waitFor('the text', () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.path === '/box describe.txt'),
    );
    assert.match(document.getText(), /localhost\/busybox:1/);
    await page.screenshot('cluster-describe');
    void vscode.commands.executeCommand('handrail.showAsKubectl', await rowOf('deployments.apps', 'web'));
    await asked('As kubectl Command');
    await waitFor('the commands', async () => (await page.texts(choice)).length > 2);
    await page.screenshot('cluster-kubectl');
    await choose('Restart');
    await waitFor('the copy', async () =>
      /kubectl --context test .*rollout restart/.test(await vscode.env.clipboard.readText()),
    );
  });

  it('forwards a port, lists it and how it is, and stops', async () => {
    void vscode.commands.executeCommand('handrail.forwardPort', await rowOf('deployments.apps', 'http'));
    await asked('Forward a Port of http');
    await page.screenshot('cluster-forward-ask');
    await choose('8000');
    const local = await forwarded(/localhost:\d+.*deployments\/http:8000 · (ready|\d+ open)/s);
    assert.match((await answer(local)) ?? '', /^from http-/);
    assert.match(await notifications(), /localhost:\d+ leads to deployments\/http:8000/);
    await vscode.commands.executeCommand('notifications.clearAll');
    for (const theme of ['Default Light Modern', 'Default High Contrast', 'Default Dark Modern']) {
      await vscode.workspace.getConfiguration('workbench').update('colorTheme', theme, true);
      await page.screenshot(`cluster-forward-${theme.split(' ')[1]?.toLowerCase() ?? ''}`);
    }
    await page.click(`${rows}:has-text("localhost:${String(local)}")`);
    await page.click(
      `${rows}:has-text("localhost:${String(local)}") .action-label[aria-label="Stop Forwarding"]`,
    );
    await waitFor('the row to go', async () => !(await page.texts(rows)).some(row => /localhost:/.test(row)));
    await assert.rejects(fetch(`http://127.0.0.1:${String(local)}`));
  });

  it('remembers what was forwarded, and offers it when the agent is back', async () => {
    void vscode.commands.executeCommand('handrail.forwardPort', await rowOf('deployments.apps', 'http'));
    await asked('Forward a Port of http');
    await choose('8000');
    const local = await forwarded(/localhost:\d+.*· (ready|\d+ open)/s);
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('handrail.restartAgent');
    await waitFor(
      'the offer',
      async () => (await notifications()).includes('Before, this workspace forwarded ports to test'),
      60_000,
    );
    assert.equal(await forwarded(/localhost:\d+.*not forwarded now/s), local);
    await page.screenshot('cluster-forward-offered');
    await page.click('.notifications-center .monaco-button:has-text("Forward Again")');
    assert.equal(await forwarded(/localhost:\d+.*· (ready|\d+ open)/s), local);
    assert.match((await answer(local)) ?? '', /^from http-/);
  });

  it('asks for the name of a production context before it forwards', async () => {
    const config = join(process.env['HANDRAIL_HOME'] ?? '', 'config');
    await mkdir(config, { recursive: true });
    await writeFile(join(config, 'config.yaml'), 'production: [test]\n');
    await vscode.commands.executeCommand('handrail.refreshClusters');
    void vscode.commands.executeCommand('handrail.forwardPort', await rowOf('pods', 'box'));
    await asked('Forward a Port of box');
    await page.type('9');
    await page.press('Enter');
    await asked('test is production');
    await page.screenshot('cluster-forward-production');
    await page.press('Escape');
    assert.ok(!(await page.texts(rows)).some(row => /pods\/box:9/.test(row)));
    void vscode.commands.executeCommand('handrail.forwardPort', await rowOf('pods', 'box'));
    await asked('Forward a Port of box');
    await page.type('9');
    await page.press('Enter');
    await asked('test is production');
    await page.type('test');
    await page.press('Enter');
    await forwarded(/localhost:\d+.*pods\/box:9/s);
  });
});

function seen(row: RegExp, deadline = 60_000): Promise<unknown> {
  return waitFor(String(row), async () => (await page.texts(rows)).some(text => row.test(text)), deadline);
}

/** The page of the log says so. */
function logged(pattern: RegExp, deadline = 30_000): Promise<unknown> {
  return waitFor(
    String(pattern),
    async () => {
      const found = await page.evaluateInNotebook<string | null>(
        `document.querySelector('.log-rows') === null ? null :
          document.body.innerText + [...document.querySelectorAll('.log-row')].map(row => row.textContent).join('\\n')`,
      );
      return found.some(text => text !== null && pattern.test(text));
    },
    deadline,
  );
}
