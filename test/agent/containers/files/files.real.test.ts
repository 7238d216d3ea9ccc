import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Docker from 'dockerode';
import { pack } from 'tar-stream';
import { copyIn } from '../../../../agent/containers/files/copyIn';
import { copyOut, readFileIn } from '../../../../agent/containers/files/copyOut';
import { listFiles } from '../../../../agent/containers/files/listFiles';
import { dockerd, startDocker } from '../../../support/engine/dockerd';
import type { RealEngine } from '../../../support/engine/engine';
import { needs } from '../../../support/realSystem';
import { temporaryFolder } from '../../../support/temporaryFolder';

const odd = ['a b', 'new\nline', '$(x)', '-rf', "it's", '…\u{1F40B}', '//'.replace(/\//g, '\\')];

describe('files of containers', function () {
  this.timeout(120_000);
  before(needs(dockerd));
  let engine: RealEngine;
  let container: Docker.Container;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async function () {
    this.timeout(300_000);
    engine = await startDocker();
    await engine.load('busybox');
    await engine.docker('run', '-d', '--name', 'box', 'localhost/busybox:1', 'sleep', '1000');
    container = new Docker({ socketPath: engine.socket }).getContainer('box');
    folder = await temporaryFolder('handrail-files');
    const own = join(folder.path, 'own');
    await mkdir(join(own, 'sub'), { recursive: true });
    for (const name of odd) await writeFile(join(own, name), name);
    await writeFile(join(own, 'sub', 'big'), Buffer.alloc(3_000_000, 'x'));
    await writeFile(join(own, 'empty'), '');
    const copied = await copyIn(container, '/tmp', own);
    assert.deepEqual(copied, { bytes: 3_000_000 + odd.join('').length + 4, files: odd.length + 2 });
    await engine.docker('exec', 'box', 'ln', '-s', '../etc/passwd', '/tmp/own/link');
    await engine.docker('exec', 'box', 'ln', '-s', '/etc', '/tmp/own/out');
    await engine.docker('exec', 'box', 'ln', '-s', 'sub/big', '/tmp/own/within');
  });
  after(async () => {
    await engine[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  for (const state of ['running', 'stopped'] as const) {
    describe(`of one that is ${state}`, () => {
      before(async () => {
        if (state === 'stopped') await engine.docker('stop', '-t', '0', 'box');
      });

      it('lists a folder, with odd names and links', async () => {
        const { entries, more } = await listFiles(container, '/tmp/own');
        assert.equal(more, false);
        assert.deepEqual(
          entries.map(({ name }) => name).sort(),
          [...odd, 'empty', 'sub', 'link', 'out', 'within'].sort(),
        );
        const named = (name: string) => entries.find(entry => entry.name === name);
        assert.equal(entries[0]?.name, 'sub');
        assert.equal(named('sub')?.type, 'folder');
        assert.equal(named('link')?.link, '../etc/passwd');
        assert.equal(named('a b')?.size, 3);
        assert.match(named('a b')?.mode ?? '', /^-rw-r--r--$/);
        assert.ok(Math.abs((named('a b')?.modifiedAt ?? 0) - Date.now()) < 600_000);
        await assert.rejects(listFiles(container, '/tmp/nowhere'));
      });

      it('reads the beginning of a file', async () => {
        const { data, size, cut } = await readFileIn(container, '/tmp/own/sub/big', 1000);
        assert.deepEqual(
          [Buffer.from(data, 'base64').toString(), size, cut],
          ['x'.repeat(1000), 3_000_000, true],
        );
        await assert.rejects(readFileIn(container, '/tmp/own/sub', 1000), /is no file/);
      });

      it('copies a folder out, without links that lead away', async () => {
        const to = join(folder.path, `copy-${state}`);
        const { files } = await copyOut(container, '/tmp/own', to);
        assert.equal(files, odd.length + 2);
        assert.deepEqual((await readdir(to)).sort(), [...odd, 'empty', 'sub', 'within'].sort());
        assert.equal(await readFile(join(to, 'new\nline'), 'utf8'), 'new\nline');
        assert.equal(await readlink(join(to, 'within')), 'sub/big');
        await assert.rejects(copyOut(container, '/tmp/own', to), /is there already/);
        const file = join(folder.path, `file-${state}`);
        await copyOut(container, '/tmp/own/sub/big', file);
        assert.equal((await readFile(file)).length, 3_000_000);
      });
    });
  }

  it('writes nothing outside, whatever an engine sends', async () => {
    for (const names of [['x/../../evil'], ['/evil'], ['x', 'x/link>..', 'x/link/evil']]) {
      const archive = pack();
      for (const name of names) {
        const [path = '', linkname] = name.split('>');
        if (linkname !== undefined) archive.entry({ name: path, type: 'symlink', linkname });
        else if (path === 'x') archive.entry({ name: path, type: 'directory' });
        else archive.entry({ name: path }, 'evil');
      }
      archive.finalize();
      const bytes: Buffer[] = [];
      for await (const chunk of archive) bytes.push(chunk as Buffer);
      const { Readable } = await import('node:stream');
      const hostile = { getArchive: () => Promise.resolve(Readable.from([Buffer.concat(bytes)])) };
      const to = join(folder.path, 'hostile', 'to');
      await mkdir(join(folder.path, 'hostile'), { recursive: true });
      const copied = copyOut(hostile as unknown as Docker.Container, '/x', to);
      if (names.length === 1) await assert.rejects(copied, /leads out of the folder/);
      else await copied;
      const found = await readdir(folder.path, { recursive: true });
      assert.ok(
        !found.some(path => path.endsWith('evil') && !path.startsWith(join('hostile', 'to'))),
        found.join(),
      );
      assert.ok(!found.some(path => path.endsWith('.part')));
    }
  });
});
