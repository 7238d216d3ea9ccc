import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { handrailFolders } from '../../agent/folders';
import { privateFolder } from '../../agent/privateFolder';
import type { HandrailError } from '../../agent/protocol/errors';
import { rendezvous } from '../../agent/rendezvous';
import { temporaryFolder } from '../support/temporaryFolder';

const uid = String(process.getuid?.() ?? 0);

describe('handrailFolders', () => {
  const cases: [string, NodeJS.ProcessEnv, [string, string, string, string]][] = [
    [
      'HANDRAIL_HOME moves all',
      { HANDRAIL_HOME: '/h', HOME: '/home/ana', XDG_DATA_HOME: '/d' },
      ['/h/data', '/h/run', '/h/logs', '/h/config'],
    ],
    [
      'XDG variables',
      {
        HOME: '/home/ana',
        XDG_DATA_HOME: '/d',
        XDG_RUNTIME_DIR: '/r',
        XDG_STATE_HOME: '/s',
        XDG_CONFIG_HOME: '/c',
      },
      ['/d/handrail', '/r/handrail', '/s/handrail', '/c/handrail'],
    ],
    [
      'custom places; relative variables do not count',
      { HOME: '/home/ana', XDG_DATA_HOME: 'd', XDG_RUNTIME_DIR: '' },
      [
        '/home/ana/.local/share/handrail',
        `/tmp/handrail-${uid}`,
        '/home/ana/.local/state/handrail',
        '/home/ana/.config/handrail',
      ],
    ],
    [
      'TMPDIR',
      { HOME: '/home/ana', TMPDIR: '/scratch' },
      [
        '/home/ana/.local/share/handrail',
        `/scratch/handrail-${uid}`,
        '/home/ana/.local/state/handrail',
        '/home/ana/.config/handrail',
      ],
    ],
  ];
  for (const [name, env, expected] of cases) {
    it(name, function () {
      if (process.platform !== 'linux') this.skip();
      const { data, runtime, logs, config } = handrailFolders(env);
      assert.deepEqual([data, runtime, logs, config], expected);
    });
  }
});

describe('privateFolder', () => {
  it('makes a folder that others cannot enter', async () => {
    await using temp = await temporaryFolder('handrail-private');
    const made = privateFolder(join(temp.path, 'a', 'b'));
    assert.equal(statSync(made).mode & 0o777, 0o700);
  });

  it('closes one of ours that stands open', async () => {
    await using temp = await temporaryFolder('handrail-private');
    const open = join(temp.path, 'open');
    mkdirSync(open);
    chmodSync(open, 0o755);
    privateFolder(open);
    assert.equal(statSync(open).mode & 0o777, 0o700);
  });

  it('refuses a link, a file, and another user’s folder', async () => {
    await using temp = await temporaryFolder('handrail-private');
    const link = join(temp.path, 'link');
    symlinkSync(temp.path, link);
    const refused = (path: string, why: RegExp): void =>
      assert.throws(
        () => privateFolder(path),
        (error: HandrailError) =>
          error.code === 'unavailable' && error.details['path'] === path && why.test(error.message),
      );
    refused(link, /link/);
    refused('/dev/null/x', /cannot be made/);
    if (process.getuid?.() !== 0) return refused('/', /another user/);
    const foreign = join(temp.path, 'foreign');
    mkdirSync(foreign);
    chownSync(foreign, 12345, 12345);
    refused(foreign, /another user/);
  });
});

describe('rendezvous', () => {
  it('keeps the socket’s path short enough', async () => {
    await using temp = await temporaryFolder('handrail-long');
    const deep = join(temp.path, 'x'.repeat(60), 'y'.repeat(60));
    const folders = handrailFolders({ HANDRAIL_HOME: deep });
    const place = rendezvous(folders, '1.2.3');
    assert.ok(Buffer.byteLength(place.socket) <= 100, place.socket);
    assert.equal(rendezvous(folders, '1.2.3').socket, place.socket);
    assert.notEqual(rendezvous(handrailFolders({ HANDRAIL_HOME: `${deep}z` }), '1.2.3').socket, place.socket);
    assert.ok(place.token.startsWith(deep));
  });
});
