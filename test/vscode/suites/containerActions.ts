import * as assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { RealEngine } from '../../support/engine/engine';
import { podman, startPodman } from '../../support/engine/podman';
import { needs } from '../../support/realSystem';
import { containerNode, dockerOfWindow, endpoint, ofProject, showContainers } from '../host/engineOfWindow';
import { notifications } from '../host/notifications';
import { page } from '../host/page';
import { unfold } from '../host/tree';
import { waitFor } from '../host/waitFor';

const input = '.quick-input-widget input';
const choice = '.quick-input-list .monaco-list-row';
const image = 'localhost/busybox:1';

describe('What can be done to containers and images', function () {
  this.timeout(120_000);
  const engine = dockerOfWindow({}, async real => {
    await real.load('busybox', 'healthy');
    const waiting = 'trap "echo told >/told" HUP; while true; do sleep 0.2; done';
    await real.docker('run', '-d', '--name', 'web', image, 'sh', '-c', waiting);
    for (const service of ['api', 'db'])
      await real.docker(
        'run',
        '-d',
        '--name',
        `shop-${service}-1`,
        ...ofProject('shop', service),
        image,
        'sleep',
        '10000',
      );
  });

  before(async () => {
    await showContainers();
    await unfold('docker (DOCKER_HOST)');
    await unfold('Images');
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('offers compose projects where none was chosen', async () => {
    const done = vscode.commands.executeCommand('handrail.compose');
    await offered(/^shop\/api.*1 running/);
    assert.equal((await page.texts(choice)).length, 3);
    await page.press('Enter');
    await offered(/^Stop.*keeps the containers/);
    await answer('Stop');
    await done;
    const terminal = await waitFor('compose', () =>
      vscode.window.terminals.find(({ name }) => name === 'compose stop: shop'),
    );
    // What it said, or why it cannot be run here, can be read.
    await new Promise(resolve => setTimeout(resolve, 2000));
    await page.screenshot('compose-terminal');
    assert.equal(terminal.exitStatus, undefined);
    terminal.dispose();
  });

  it('browses the files of a container', async () => {
    const done = vscode.commands.executeCommand('handrail.browseFiles', await containerNode(engine(), 'web'));
    await offered(/^etc\/.*drwx/);
    await answer('etc');
    await offered(/^passwd.*bytes · \d{4}-\d\d-\d\d/);
    await page.screenshot('containers-files');
    await answer('passwd');
    await offered(/^Download…/);
    await page.press('Enter');
    await done;
    assert.match(await shownText(), /^root:/);
  });

  it('runs an image, and says why where that is refused', async () => {
    const [busybox] = await imageNodes();
    for (const expected of ['started', 'refused']) {
      const done = vscode.commands.executeCommand('handrail.runImage', busybox);
      for (const [step, words] of ['byhand', '', 'sleep 10000'].entries()) {
        await asked(`${String(step + 1)} of 3`);
        await page.type(words);
        await page.press('Enter');
      }
      await done;
      if (expected === 'started')
        assert.equal(await engine().docker('inspect', '--format', '{{.State.Running}}', 'byhand'), 'true');
      else await told(/The container name "\/byhand" is already in use/);
    }
  });

  it('says why an image could not be pulled', async () => {
    const done = vscode.commands.executeCommand('handrail.pullImage', { endpoint });
    await answer('localhost:1/nope:1');
    await done;
    await told(/localhost:1\/nope:1 was not pulled: Get .*connection refused/);
  });

  it('does not wait for a pull that was cancelled, though its registry hangs', async () => {
    const registry = await silentServer();
    try {
      const reference = `127.0.0.1:${String((registry.address() as AddressInfo).port)}/slow:1`;
      const done = vscode.commands.executeCommand('handrail.pullImage', { endpoint });
      await answer(reference);
      await told(/Pulling/);
      await page.click('.notifications-center .monaco-button:has-text("Cancel")');
      await done;
      assert.doesNotMatch(await notifications(), /slow:1 was not pulled/);
    } finally {
      registry.close();
    }
  });

  it('sends a signal without asking where that ends nothing', async () => {
    const done = vscode.commands.executeCommand(
      'handrail.killContainer',
      await containerNode(engine(), 'web'),
    );
    await offered(/^SIGHUP/);
    await answer('SIGHUP');
    await done;
    await waitFor('it to be told', async () => {
      const files = await engine().docker('exec', 'web', 'ls', '/');
      return files.includes('told');
    });
  });

  it('kills and prunes nothing where nobody has said yes', async () => {
    await engine().docker('create', '--name', 'made', image, 'true');
    const kill = vscode.commands.executeCommand(
      'handrail.killContainer',
      await containerNode(engine(), 'web'),
    );
    await offered(/^SIGKILL/);
    await page.press('Enter');
    await kill;
    const prune = vscode.commands.executeCommand('handrail.pruneEngine', { endpoint });
    await offered(/^Stopped containers[^]*1/);
    await page.press('Enter');
    await prune;
    const names = await engine().docker('ps', '-a', '--format', '{{.Names}} {{.State}}');
    assert.match(names, /made created/);
    assert.match(names, /web running/);
  });

  it('shows processes, the history of an image, and the same as a command', async () => {
    await vscode.commands.executeCommand('handrail.listProcesses', await containerNode(engine(), 'web'));
    assert.match(await shownText(), /^UID +PID.*\n.*sh -c trap/);
    const [busybox] = await imageNodes();
    await vscode.commands.executeCommand('handrail.showImageHistory', busybox);
    assert.match(await shownText(), /how it was built|^CREATED +SIZE/);
    const done = vscode.commands.executeCommand(
      'handrail.showAsCommand',
      await containerNode(engine(), 'web'),
    );
    await offered(/^Stop[^]*docker\s--host[^]*stop\sweb/);
    await page.press('Enter');
    await done;
    assert.equal(await vscode.env.clipboard.readText(), `docker --host ${engine().address} stop web`);
  });

  describe('over two engines', () => {
    let other: RealEngine | undefined;
    before(async function () {
      await needs(podman).call(this);
      other = await startPodman();
      await other.load('busybox');
      await other.docker('run', '-d', '--name', 'far', image, 'sleep', '10000');
      const config = join(process.env['HANDRAIL_HOME'] ?? '', 'config');
      await mkdir(config, { recursive: true });
      await writeFile(join(config, 'config.yaml'), `endpoints:\n  pod:\n    address: ${other.address}\n`);
      await vscode.commands.executeCommand('handrail.refreshContainers');
      await unfold('pod');
      await waitFor('its container', async () =>
        (await page.texts('.pane-body .monaco-list-row')).some(text => /^far/.test(text.trim())),
      );
    });
    after(() => other?.[Symbol.asyncDispose]());

    it('does the same to the containers that are chosen, each on its own engine', async () => {
      const nodes = [await containerNode(engine(), 'web'), await containerNode(other!, 'far', 'config:pod')];
      await vscode.commands.executeCommand('handrail.pauseContainer', nodes[1], nodes);
      const states = () =>
        Promise.all(
          [engine().docker('inspect', '--format', '{{.State.Status}}', 'web')].concat(
            other!.docker('inspect', '--format', '{{.State.Status}}', 'far'),
          ),
        );
      assert.deepEqual(await states(), ['paused', 'paused']);
      await waitFor('both rows to say so', async () => {
        const rows = await page.texts('.pane-body .monaco-list-row');
        return ['web', 'far'].every(name => rows.some(text => text.trim().startsWith(`${name}paused`)));
      });
      await page.screenshot('containers-two-engines');
      await vscode.commands.executeCommand('handrail.unpauseContainer', nodes[0], nodes);
      assert.deepEqual(await states(), ['running', 'running']);
    });
  });

  async function imageNodes(): Promise<unknown[]> {
    const object = await engine().docker('inspect', '--format', '{{.Id}}', image);
    return [{ kind: 'object', id: `${endpoint}/image/${object}`, endpoint, of: 'image', object }];
  }
});

function offered(pattern: RegExp): Promise<unknown> {
  return waitFor(`the choice ${String(pattern)}`, async () => {
    const all = await page.texts(choice);
    if (all.some(text => pattern.test(text))) return true;
    throw new Error(`there are: ${all.join(' | ')}`);
  });
}

function asked(title: string): Promise<unknown> {
  return waitFor(`the question ${title}`, async () =>
    (await page.texts('.quick-input-title')).some(text => text.includes(title)),
  );
}

async function answer(words: string): Promise<void> {
  await waitFor('a question', async () => (await page.texts(input)).length > 0);
  await page.type(words);
  await waitFor('what was typed', () =>
    page.evaluate<boolean>(
      `document.querySelector(${JSON.stringify(input)}).value === ${JSON.stringify(words)}`,
    ),
  );
  await page.press('Enter');
}

function told(pattern: RegExp): Promise<unknown> {
  return waitFor(`to be told ${String(pattern)}`, async () => {
    const all = await notifications();
    if (pattern.test(all)) return true;
    throw new Error(`told: ${all}`);
  });
}

function shownText(): Promise<string> {
  return waitFor('a page', () => vscode.window.activeTextEditor?.document.getText());
}

/** Takes connections and says nothing. */
function silentServer(): Promise<Server> {
  return new Promise(resolve => {
    const server = createServer(socket => socket.unref());
    server.unref().listen(0, '127.0.0.1', () => resolve(server));
  });
}
