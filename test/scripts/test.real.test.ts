import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { endProcessesWith, processesWith } from '../support/processesWith';
import { temporaryFolder } from '../support/temporaryFolder';
import { waitFor } from '../support/waitFor';

const repository = resolve(import.meta.dirname, '..', '..');

describe('npm test', function () {
  this.timeout(60_000);

  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let env: NodeJS.ProcessEnv;

  beforeEach(async () => {
    folder = await temporaryFolder('handrail-test');
    await mkdir(join(folder.path, 'tmp'));
    env = { ...process.env, TMPDIR: join(folder.path, 'tmp'), TESTED_IN: folder.path };
  });

  afterEach(async () => {
    await endProcessesWith('TESTED_IN', folder.path);
    await folder[Symbol.asyncDispose]();
  });

  const start = async (test: string) => {
    const file = join(folder.path, 'some.test.ts');
    await writeFile(file, test);
    const child = spawn('node', ['scripts/test.mjs', 'unit', file], { cwd: repository, env });
    const printed: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
    return { child, ended: once(child, 'close'), text: () => Buffer.concat(printed).toString() };
  };

  it('runs the files it is given, and those only', async () => {
    const { ended, text } = await start(
      `it('passes', () => {}); it.skip('waits'); it('fails', () => { throw 1; });`,
    );
    assert.deepEqual(await ended, [1, null]);
    assert.equal(text().trimEnd().split('\n').at(-1), '1 passed, 1 failed, 1 skipped');
  });

  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    it(`leaves nothing behind after ${signal}`, async () => {
      const began = join(folder.path, 'began');
      const { child } = await start(`
        it('goes on', async () => {
          require('node:fs').writeFileSync(${JSON.stringify(began)}, '');
          await new Promise(resolve => setTimeout(resolve, 15_000));
        });`);
      await waitFor('the test to begin', () => existsSync(began), 30_000);
      const exited = once(child, 'exit');
      child.kill(signal);
      assert.notDeepEqual(await exited, [0, null]);
      await waitFor(
        'no process to be left',
        async () => (await processesWith('TESTED_IN', folder.path)).length === 0,
        5000,
      );
      assert.deepEqual(
        (await readdir(join(folder.path, 'tmp'))).filter(name => name.startsWith('handrail-')),
        [],
      );
    });
  }
});
