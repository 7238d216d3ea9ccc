import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../../agent/store/openStore';
import { isHostAlive } from '../../../agent/store/hostProcess';
import { temporaryFolder } from '../../support/temporaryFolder';
import { waitFor } from '../../support/waitFor';

const isolate = ['--pid', '--fork', '--kill-child', '--mount-proc'];

describe('a run in another container that shares the history', () => {
  it('goes on until it is gone, in the eyes of the machine, and for ever in those of who cannot see its process', async function () {
    this.timeout(30_000);
    if (spawnSync('unshare', [...isolate, 'true']).status !== 0) this.skip();
    await using folder = await temporaryFolder('handrail-namespace');
    const script = join(import.meta.dirname, 'writer.ts');
    const args = [...isolate, process.execPath, '--import', 'tsx', script, folder.path, 'abc', 'for ever'];
    const writer = spawn('unshare', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(writer, 'close');
    let text = '';
    writer.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    try {
      await waitFor('the writer to report', () => text.includes('\n'));
      const store = openStore(folder.path);
      assert.deepEqual(store.interruptAbandoned(isHostAlive), []);
      assert.equal(store.find('abc')?.state, 'running');
      if (readlinkSync('/proc/self/ns/pid') === 'pid:[4026531836]') {
        writer.kill('SIGKILL');
        await ended;
        const gone = await waitFor('its end to be seen', () => store.interruptAbandoned(isHostAlive)[0]);
        assert.equal(gone.id, 'abc');
      }
      store.close();
    } finally {
      writer.kill('SIGKILL');
      await ended;
    }
  });
});
