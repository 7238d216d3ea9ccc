import * as assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../../support/freePort';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { waitFor } from '../../../support/waitFor';
import { exists } from '../../../../agent/processTable';
import { probe } from './probing';

describe('a check of type command', () => {
  const rows: [string, object, string, string][] = [
    ['ends well', { command: 'exit 0' }, 'up', ''],
    ['fails', { command: 'echo bad >&2; exit 3' }, 'down', 'exit was 3, wanted 0'],
    [
      'is a program with arguments',
      { command: ['printf', '%s', '$HOME'], up: 'stdout == "$HOME"' },
      'up',
      '',
    ],
    [
      'prints JSON',
      { command: `echo '{"lag": 7}'`, up: 'body.lag < 5' },
      'down',
      'body.lag was 7, wanted less than 5',
    ],
    [
      'prints no JSON',
      { command: 'echo hello', up: 'body.lag < 5' },
      'down',
      'there is no body: stdout is not JSON',
    ],
    ['is killed', { command: 'kill -9 $$' }, 'down', 'exit was 137, wanted 0'],
    [
      'is not there',
      { command: ['no-such-program'] },
      'unknown',
      'no-such-program is not installed. To get it: apt-get install no-such-program',
    ],
  ];
  for (const [what, entry, state, message] of rows) {
    it(`is ${state} where it ${what}`, async () => {
      const found = await probe({ type: 'command', ...entry });
      assert.deepEqual(
        [found.state, found.message.replace(/\. To get it: .*/, '')],
        [state, message.replace(/\. To get it: .*/, '')],
      );
    });
  }

  it('works in the folder of its file', async () => {
    await using folder = await temporaryFolder('check');
    const { state } = await probe(
      { type: 'command', command: 'pwd', up: `stdout == ${JSON.stringify(folder.path)}` },
      folder.path,
    );
    assert.equal(state, 'up');
  });

  it('ends all it has started when its time is up', async () => {
    await using folder = await temporaryFolder('check');
    const command = 'trap "" TERM; sleep 600 & echo $! > child; wait';
    const { state, message } = await probe({ type: 'command', command, timeout: '700ms' }, folder.path);
    assert.deepEqual([state, /no answer within 700 ms$/.test(message)], ['down', true]);
    const pid = Number((await import('node:fs')).readFileSync(join(folder.path, 'child'), 'utf8'));
    await waitFor('the child to be gone', () => (exists(pid) ? undefined : true));
  });

  it('keeps the end of what floods', async () => {
    const { values, state } = await probe({
      type: 'command',
      command: 'yes | head -c 3000000; echo end',
      up: 'stdout.size() < 70000 && stdout.endsWith("end")',
    });
    assert.equal(state, 'up', JSON.stringify(values).slice(0, 100));
  });
});

describe('a check of this machine', () => {
  it('finds processes by their command line', async () => {
    const mark = `86${process.pid}`;
    const down = await probe({ type: 'process', process: `sleep ${mark}` });
    assert.deepEqual([down.state, down.message], ['down', 'count was 0, wanted more than 0']);
    const child = spawn('sleep', [mark]);
    try {
      await once(child, 'spawn');
      const up = await waitFor('the process', async () => {
        const found = await probe({ type: 'process', process: `^sleep ${mark}$`, up: 'count == 1' });
        return found.state === 'up' ? found : undefined;
      });
      assert.deepEqual(up.values['pids'], [child.pid]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  for (const host of ['127.0.0.1', '0.0.0.0', '::1', '::']) {
    it(`knows who listens at ${host}`, async function () {
      const port = await freePort();
      assert.equal((await probe({ type: 'port', port })).message, 'listening was false');
      const server = createServer();
      const failed = once(server, 'error').then(() => true);
      server.listen(port, host);
      if (await Promise.race([failed, once(server, 'listening').then(() => false)])) return this.skip(); // no IPv6
      try {
        const { state, values } = await probe({ type: 'port', port });
        assert.deepEqual([state, values['addresses']], ['up', [host]]);
      } finally {
        server.close();
      }
    });
  }

  it('looks at files', async () => {
    await using folder = await temporaryFolder('check');
    const path = join(folder.path, 'backup.sql');
    const look = (up?: string) =>
      probe({ type: 'file', path: 'backup.sql', ...(up === undefined ? {} : { up }) }, folder.path);
    assert.equal((await look()).message, 'exists was false');
    assert.equal((await look('size > 1')).message, 'there is no size: the file is not there');
    await writeFile(path, 'a dump\n');
    assert.equal(
      (await look('exists && age < duration("1h") && size == 7 && text.contains("dump")')).state,
      'up',
    );
    const old = new Date(Date.now() - 50 * 3_600_000);
    await utimes(path, old, old);
    assert.equal((await look('age < duration("26h")')).message, 'age was 2.1 d, wanted less than 26h');
    assert.match((await probe({ type: 'file', path: '/proc/self/mem' })).state, /up|unknown/);
  });

  it('looks into files whose size is not told', async () => {
    const { state, values } = await probe({
      type: 'file',
      path: '/proc/self/status',
      up: 'text.contains("Pid:")',
    });
    assert.deepEqual([state, values['size']], ['up', 0]);
    const endless = await probe({ type: 'file', path: '/proc/self/pagemap', timeout: '5s' });
    assert.match(endless.state, /up|unknown/);
  });

  it('waits for no pipe, and opens neither a device nor a folder', async () => {
    await using folder = await temporaryFolder('check');
    execFileSync('mkfifo', [join(folder.path, 'pipe')]);
    // More than there are threads for files.
    const many = Array.from({ length: 8 }, () => probe({ type: 'file', path: 'pipe' }, folder.path));
    for (const { state, ms } of await Promise.all(many)) assert.ok(state === 'up' && ms < 10_000, state);
    for (const path of ['pipe', '/dev/zero', '.']) {
      const { message } = await probe({ type: 'file', path, up: 'text != ""' }, folder.path);
      assert.match(message, /^there is no text: .* a folder, a pipe or a device$/);
    }
  });

  const rows: [string, string, string, RegExp][] = [
    [
      'disk',
      'used >= 0.0 && used <= 1.0 && free > 0 && total > free && inodes <= 1.0',
      'used > 1.0',
      /^used was 0\.\d+, wanted more than 1\.0$/,
    ],
    [
      'memory',
      'used > 0.0 && used < 1.0 && available < total',
      'available > total',
      /^available was \d+, wanted more than total \(\d+\)$/,
    ],
    ['load', 'one >= 0.0 && cores >= 1', 'cores > 100000', /^cores was \d+, wanted more than 100000$/],
  ];
  for (const [type, well, ill, message] of rows) {
    it(`looks at its ${type}`, async () => {
      const up = await probe({ type, up: well });
      assert.deepEqual([up.state, up.message], ['up', '']);
      const down = await probe({ type, up: ill });
      assert.equal(down.state, 'down');
      assert.match(down.message, message);
    });
  }

  it('says where a file system is not there', async () => {
    const found = await probe({ type: 'disk', path: '/no/such/place' });
    assert.deepEqual([found.state, found.message.startsWith('/no/such/place: ')], ['down', true]);
  });
});
