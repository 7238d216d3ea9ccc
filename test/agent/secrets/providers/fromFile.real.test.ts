import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { fetchOne, refuses } from '../secretsOf';

describe('a secret from a file', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let file: string;
  before(async () => {
    folder = await temporaryFolder('hr-secret-file');
    file = join(folder.path, 'docs', 'a.runbook.md');
    await mkdir(join(folder.path, 'docs'));
    execFileSync('mkfifo', [join(folder.path, 'docs', 'pipe')]);
    await symlink('plain', join(folder.path, 'docs', 'link'));
    const contents: Record<string, string | Buffer> = {
      plain: 'correct horse\n',
      windows: 'correct horse\r\n',
      two: 'correct horse\n\n',
      bare: 'correct horse',
      text: 'first\nsecond\n',
      binary: Buffer.from([0xff, 0xfe, 1, 2, 3, 4, 5]),
      nul: 'abcd\0efgh',
      long: 'x'.repeat(64 * 1024 + 1),
      longest: `${'x'.repeat(64 * 1024)}\n`,
    };
    for (const [name, content] of Object.entries(contents)) {
      await writeFile(join(folder.path, 'docs', name), content);
    }
  });
  after(() => folder[Symbol.asyncDispose]());

  const check = (place: string, expected: string): unknown =>
    it(place, async () => {
      const env = { HOME: join(folder.path, 'docs') };
      assert.equal(await fetchOne(`file:${place}`, { file, env }), expected);
    });
  check('plain', 'correct horse');
  check('../docs/plain', 'correct horse');
  check('~/plain', 'correct horse');
  check('link', 'correct horse');
  check('windows', 'correct horse');
  check('two', 'correct horse\n');
  check('bare', 'correct horse');
  check('text', 'first\nsecond');
  check('longest', 'x'.repeat(64 * 1024));

  const wrong = (place: string, reason: string, words: RegExp): unknown =>
    it(`refuses ${place}`, () => refuses(`file:${place}`, { file }, reason, words));
  wrong('none', 'missing', /there is no file .*docs\/none\. Make it, or correct the path: it is relative/);
  wrong('plain/x', 'missing', /there is no file/);
  wrong('.', 'refused', /is a folder\. Name a file/);
  wrong('pipe', 'refused', /is no regular file\. Name a file/);
  wrong('/dev/zero', 'refused', /is no regular file/);
  wrong('binary', 'binary', /it is not UTF-8/);
  wrong('nul', 'binary', /NUL byte/);
  wrong('long', 'tooLong', /longer than 64 KiB/);
});
