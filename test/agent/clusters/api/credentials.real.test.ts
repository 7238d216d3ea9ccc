import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Credentials } from '../../../../agent/clusters/api/credentials';
import { ClusterUnusable } from '../../../../agent/clusters/api/clusterUnusable';
import type { PluginEntry } from '../../../../agent/clusters/contexts/foundContext';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { someContext } from '../someContext';

describe('credentials of a cluster', function () {
  this.timeout(60_000);
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => (home = await temporaryFolder('handrail-login')));
  afterEach(() => home[Symbol.asyncDispose]());

  const plugin = async (script: string, change: Partial<PluginEntry> = {}): Promise<PluginEntry> => {
    const command = join(home.path, 'login');
    await writeFile(command, `#!/bin/sh\necho ran >> ${home.path}/ran\n${script}\n`);
    await chmod(command, 0o755);
    const apiVersion = 'client.authentication.k8s.io/v1';
    return { apiVersion, command, args: [], env: {}, interactive: 'Never', wantsCluster: false, ...change };
  };
  const ran = async () => (await readFile(join(home.path, 'ran'), 'utf8')).trim().split('\n').length;
  const credentials = (entry: PluginEntry, deadline = 30_000, waits: unknown[] = []) => {
    const context = someContext('https://h', { plugin: entry }, { file: join(home.path, 'config') });
    return new Credentials(context, what => void waits.push(what), deadline);
  };
  const gives = (status: object) => `cat <<'X'\n${JSON.stringify({ kind: 'ExecCredential', status })}\nX`;
  const trouble = (wanted: string, message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof ClusterUnusable);
    assert.equal(error.trouble.trouble, wanted);
    assert.match(error.message, message);
    return true;
  };

  it('are asked for once, however many wait', async () => {
    const waits: unknown[] = [];
    const held = credentials(await plugin(`sleep 0.2; ${gives({ token: 't' })}`), 30_000, waits);
    const all = await Promise.all(Array.from({ length: 20 }, () => held.get()));
    assert.ok(all.every(({ headers }) => headers['Authorization'] === 'Bearer t'));
    await held.get();
    assert.equal(await ran(), 1);
    assert.deepEqual(waits, ['credentials from login', undefined]);
  });

  it('are asked for again once they have expired, or a person retries', async () => {
    const expirationTimestamp = new Date(Date.now() - 1000).toISOString();
    const held = credentials(await plugin(gives({ token: 't', expirationTimestamp })));
    await held.get();
    await held.get();
    assert.equal(await ran(), 2);
    const lasting = credentials(await plugin(gives({ token: 't' })));
    await lasting.get();
    lasting.renew();
    await lasting.get();
    assert.equal(await ran(), 4);
  });

  it('that are refused at once are not asked for again and again', async () => {
    const held = credentials(await plugin(gives({ token: 't' })));
    assert.equal(held.refuse(await held.get()), false);
    assert.equal(await ran(), 1);
  });

  it('may be certificates', async () => {
    const status = { clientCertificateData: 'CERT', clientKeyData: 'KEY' };
    const { cert, key } = await credentials(await plugin(gives(status))).get();
    assert.deepEqual([cert, key], ['CERT', 'KEY']);
  });

  it('come from a plugin that is told that nobody is there, and of its cluster where it wants that', async () => {
    const script = `printf '%s' "$KUBERNETES_EXEC_INFO" > ${home.path}/info; ${gives({ token: 't' })}`;
    await credentials(await plugin(script, { wantsCluster: true, clusterConfig: { a: 'b' } })).get();
    assert.deepEqual(JSON.parse(await readFile(join(home.path, 'info'), 'utf8')), {
      kind: 'ExecCredential',
      apiVersion: 'client.authentication.k8s.io/v1',
      spec: { interactive: false, cluster: { server: 'https://h', config: { a: 'b' } } },
    });
  });

  const failing: [string, string, string, RegExp, number?][] = [
    ['fails', 'echo "session expired" >&2; exit 3', 'plugin', /login failed with exit 3: session expired/],
    ['prints something else', 'echo hello', 'plugin', /printed no credential/],
    ['prints a credential without any', gives({}), 'plugin', /printed no credential/],
    [
      'takes too long',
      'echo "open http://x" >&2; sleep 60',
      'plugin',
      /no credential within 3 s: open http:\/\/x/,
      3000,
    ],
  ];
  for (const [name, script, wanted, message, deadline] of failing) {
    it(`are none where the plugin ${name}, and it is not run again by itself`, async () => {
      const held = credentials(await plugin(script), deadline);
      await assert.rejects(held.get(), trouble(wanted, message));
      await assert.rejects(held.get(), trouble(wanted, message));
      assert.equal(await ran(), 1);
      held.renew();
      await assert.rejects(held.get(), trouble(wanted, message));
      assert.equal(await ran(), 2);
    });
  }

  it('are none where the plugin is not there, or needs a person', async () => {
    const none = await plugin('');
    const held = credentials({ ...none, command: 'handrail-no-such-login', installHint: 'Get it at x.' });
    await assert.rejects(held.get(), error => {
      assert.equal((error as ClusterUnusable).trouble.hint, 'Get it at x.');
      return trouble('plugin', /handrail-no-such-login, which gets the credentials, was not found/)(error);
    });
    const asking = credentials({ ...none, interactive: 'Always' });
    await assert.rejects(asking.get(), trouble('login', /logs in only with a person/));
  });

  it('are read of a token file, anew where a person retries', async () => {
    const tokenFile = join(home.path, 'token');
    await writeFile(tokenFile, 'one\n');
    const held = new Credentials(someContext('https://h', { tokenFile }), () => undefined);
    const first = await held.get();
    assert.equal(first.headers['Authorization'], 'Bearer one');
    assert.ok((first.expiresAt ?? Infinity) <= Date.now() + 60_000);
    await writeFile(tokenFile, '');
    held.renew();
    await assert.rejects(held.get(), trouble('invalid', /holds no token/));
    await writeFile(tokenFile, 'two');
    assert.equal((await held.get()).headers['Authorization'], 'Bearer two');
  });
});
