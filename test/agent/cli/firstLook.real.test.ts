import * as assert from 'node:assert/strict';
import { readdir, symlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { join } from 'node:path';
import { Place } from './handrail';

const file = resolve('runbooks/first-look.runbook.md');

describe('the shipped first look', () => {
  it('passes from top to bottom and leaves nothing behind', async () => {
    await using place = await Place.make();
    const { code, stdout, stderr } = await place.run(['run', file], { env: { TMPDIR: place.path } });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /working in .*\nhello from the first block\nand from the second\nstep 1 of 5\n/);
    assert.match(stdout, /all clean\n$/);
    assert.doesNotMatch(stdout, /never reached/);
    assert.deepEqual(await readdir(place.path), ['home']);
  });

  it('passes where Python is not installed', async () => {
    await using place = await Place.make();
    const tools = ['bash', 'sh', 'cat', 'grep', 'mktemp', 'rm', 'sleep', 'env', 'git', 'ps', 'kill', 'stty'];
    for (const tool of tools) await symlink(`/bin/${tool}`, join(place.path, tool));
    const { code, stderr } = await place.run(['run', file], { env: { PATH: place.path } });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /○ start-service {2}skipped/);
  });
});
