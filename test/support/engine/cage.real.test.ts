import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { needs } from '../realSystem';
import { namespaces, openCage } from './cage';

const groups = existsSync('/sys/fs/cgroup/pids') ? '/sys/fs/cgroup/pids' : '/sys/fs/cgroup';

describe('a cage', () => {
  before(needs(namespaces));

  // Names as Podman's storage has them, whole ids and others; and no storage at all.
  for (const [title, ids] of [
    ['that held no container', []],
    ['whose storage holds odd names', ['*', 'ab', 'g'.repeat(64)]],
    ['that held a container', ['a1'.repeat(32)]],
  ] as const) {
    it(`${title} removes its own control groups and nobody else's`, async () => {
      const own = ids
        .filter(id => /^[0-9a-f]{64}$/.test(id))
        .map(id => join(groups, 'libpod_parent', `libpod-${id}`));
      const others = ['bystander', 'libpod_parent/libpod-bystander'].map(name =>
        join(groups, `${name}-${process.pid}`),
      );
      try {
        const cage = await openCage('cage', 'own');
        own.push(join(groups, cage.cgroup, 'within'));
        for (const path of [...own, ...others]) await mkdir(path, { recursive: true });
        for (const id of ids)
          await mkdir(join(cage.folder, 'storage', 'overlay-containers', id), { recursive: true });
        await cage[Symbol.asyncDispose]();
        assert.deepEqual([...own, join(groups, cage.cgroup), cage.folder].filter(existsSync), []);
        assert.deepEqual(
          others.filter(path => !existsSync(path)),
          [],
        );
      } finally {
        for (const path of others) if (existsSync(path)) await rmdir(path);
      }
    });
  }
});
