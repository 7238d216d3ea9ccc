import assert from 'node:assert/strict';
import { once } from 'node:events';
import { lstat, mkdir, readdir, readFile, readlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import Docker from 'dockerode';
import { pack } from 'tar-stream';
import { copyIn } from '../../../../agent/containers/files/copyIn';
import { copyOut } from '../../../../agent/containers/files/copyOut';
import { listFiles } from '../../../../agent/containers/files/listFiles';
import { readFileIn } from '../../../../agent/containers/files/readFileIn';
import { dockerd, startDocker } from '../../../support/engine/dockerd';
import type { RealEngine } from '../../../support/engine/engine';
import { needs } from '../../../support/realSystem';
import { temporaryFolder } from '../../../support/temporaryFolder';

const odd = ['a b', 'new\nline', '$(x)', '-rf', "it's", '…\u{1F40B}', 'b\n', '//'.replace(/\//g, '\\')];

/** Of an engine that tells of no link. */
const infoArchive = () => Promise.resolve({ headers: {} });

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
    assert.deepEqual(copied, {
      bytes: 3_000_000 + odd.join('').length + 4,
      files: odd.length + 2,
      leftOut: 0,
    });
    await engine.docker('exec', 'box', 'ln', '-s', '../etc/passwd', '/tmp/own/link');
    await engine.docker('exec', 'box', 'ln', '-s', '/etc', '/tmp/own/out');
    await engine.docker('exec', 'box', 'ln', '-s', 'sub/big', '/tmp/own/within');
    const more = [
      'mkdir /tmp/t && cd /tmp/t && echo 1 >one && ln one two && ln -s /tmp/t/one absolute && mkfifo pipe',
      'mkdir /tmp/links && cd /tmp/links && ln -s ../t/one relative && ln -s /tmp/links/relative chain',
      'ln -s ../t folder && ln -s round round && ln -s nowhere lost',
    ];
    await engine.docker('exec', 'box', 'sh', '-c', more.join(' && '));
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
        const { files, leftOut } = await copyOut(container, '/tmp/own', to);
        assert.deepEqual([files, leftOut], [odd.length + 2, 2]);
        assert.deepEqual((await readdir(to)).sort(), [...odd, 'empty', 'sub', 'within'].sort());
        assert.equal(await readFile(join(to, 'new\nline'), 'utf8'), 'new\nline');
        assert.equal(await readlink(join(to, 'within')), 'sub/big');
        await assert.rejects(copyOut(container, '/tmp/own', to), /is there already/);
        const file = join(folder.path, `file-${state}`);
        await copyOut(container, '/tmp/own/sub/big', file);
        assert.equal((await readFile(file)).length, 3_000_000);
      });

      it('copies hard links out, and counts what it leaves out', async () => {
        const to = join(folder.path, `hard-${state}`);
        assert.deepEqual(await copyOut(container, '/tmp/t', to), { bytes: 2, files: 2, leftOut: 2 });
        assert.deepEqual((await readdir(to)).sort(), ['one', 'two']);
        assert.equal(await readFile(join(to, 'two'), 'utf8'), '1\n');
      });

      it('follows links to what is read or copied out', async () => {
        for (const name of ['relative', 'chain']) {
          const { data } = await readFileIn(container, `/tmp/links/${name}`, 1000);
          assert.equal(Buffer.from(data, 'base64').toString(), '1\n', name);
          const to = join(folder.path, `${name}-${state}`);
          assert.equal((await copyOut(container, `/tmp/links/${name}`, to)).files, 1);
          assert.ok((await lstat(to)).isFile());
        }
        const to = join(folder.path, `linked-${state}`);
        assert.equal((await copyOut(container, '/tmp/links/folder', to)).files, 2);
        for (const name of ['round', 'lost'])
          await assert.rejects(copyOut(container, `/tmp/links/${name}`, `${to}-${name}`));
        assert.ok(!(await readdir(folder.path)).some(name => /lost|round|\.part/.test(name)));
      });

      it('gives up copying where that is wanted: nothing is left of what was to come', async () => {
        const to = join(folder.path, `given-up-${state}`);
        const withdrawn = new AbortController();
        const copying = copyOut(container, '/tmp/own', to, { signal: withdrawn.signal });
        withdrawn.abort(new Error('no more'));
        await assert.rejects(copying, /no more/);
        assert.ok(!(await readdir(folder.path)).some(name => /given-up|\.part/.test(name)));
        const large = join(folder.path, 'large');
        await truncate(await fileOf(large), 300_000_000);
        const giving = new AbortController();
        const sending = copyIn(container, '/tmp', large, { signal: giving.signal });
        setTimeout(() => giving.abort(new Error('no more of that')), 30);
        await assert.rejects(sending, /no more of that/);
      });

      it('says so where the engine takes nothing', async () => {
        const large = await fileOf(join(folder.path, 'large'));
        await truncate(large, 300_000_000);
        await assert.rejects(copyIn(container, '/tmp', large, { idle: 1 }), /took nothing for 0 s/);
      });

      it('replaces a file if told to, never a folder', async () => {
        const to = join(folder.path, `replaced-${state}`);
        await writeFile(to, 'old');
        await copyOut(container, '/tmp/t/one', to, { replace: true });
        assert.equal(await readFile(to, 'utf8'), '1\n');
        await copyOut(container, '/tmp/t', to, { replace: true });
        assert.deepEqual((await readdir(to)).sort(), ['one', 'two']);
        await assert.rejects(copyOut(container, '/tmp/t/one', to, { replace: true }), /a folder/);
        assert.ok(!(await readdir(folder.path)).some(name => name.includes('.part')));
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
      const hostile = {
        infoArchive,
        getArchive: () => Promise.resolve(Readable.from([Buffer.concat(bytes)])),
      };
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

  it('makes no hard link to what is outside', async () => {
    await writeFile(join(folder.path, 'secret'), 'secret');
    for (const linkname of ['x/../secret', '/secret', 'x/link/secret']) {
      const archive = pack();
      archive.entry({ name: 'x', type: 'directory' });
      archive.entry({ name: 'x/link', type: 'symlink', linkname: '.' });
      archive.entry({ name: 'x/hard', type: 'link', linkname });
      archive.finalize();
      const hostile = { infoArchive, getArchive: () => Promise.resolve(Readable.from(archive)) };
      const to = join(folder.path, 'hard');
      await assert.rejects(copyOut(hostile as unknown as Docker.Container, '/x', to), /leads out/, linkname);
      assert.ok(!(await readdir(folder.path)).some(name => /^hard$|\.part/.test(name)));
    }
  });

  it('gives up on an engine that falls silent, and leaves nothing', async () => {
    const archive = pack();
    archive.entry({ name: 'x', size: 1000 }).write('the first bytes');
    const [beginning] = (await once(archive, 'data')) as [Buffer];
    const stalled = () => {
      const stream = new Readable({ read: () => undefined });
      stream.push(beginning);
      return Promise.resolve(stream);
    };
    const silent = { infoArchive, getArchive: stalled } as unknown as Docker.Container;
    const to = join(folder.path, 'stalled');
    await assert.rejects(copyOut(silent, '/x', to, { idle: 200 }), /sent nothing of \/x for 0.2 s/);
    await assert.rejects(readFileIn(silent, '/x', 1000, 200), /sent nothing of \/x for 0.2 s/);
    assert.ok(!(await readdir(folder.path)).some(name => /stalled|\.part/.test(name)));
  });

  it('names a file that gets shorter while it is uploaded', async () => {
    const file = join(folder.path, 'shrinking');
    await writeFile(file, Buffer.alloc(16_000_000));
    const shrinks = {
      async putArchive(archive: Readable) {
        for await (const chunk of archive) if ((chunk as Buffer).length > 0) await truncate(file, 1000);
      },
    };
    await assert.rejects(
      copyIn(shrinks as unknown as Docker.Container, '/tmp', file),
      /shrinking got shorter while it was read/,
    );
  });
});

async function fileOf(path: string): Promise<string> {
  await writeFile(path, '');
  return path;
}
