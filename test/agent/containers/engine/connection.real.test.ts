import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineConnection } from '../../../../agent/containers/engine/connection';
import { EngineUnusable } from '../../../../agent/containers/engine/trouble';
import { HandrailError } from '../../../../agent/protocol/errors';
import { dockerd, startDocker } from '../../../support/engine/dockerd';
import type { RealEngine } from '../../../support/engine/engine';
import { needs } from '../../../support/realSystem';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { endpointAt, WatchedEngine } from '../live/watchedEngine';
import { waitFor } from '../../../support/waitFor';

describe('a connection to an engine', function () {
  this.timeout(120_000);
  let engine: RealEngine;
  before(needs(dockerd));
  before(async function () {
    this.timeout(300_000);
    engine = await startDocker();
    await engine.load('busybox');
  });
  after(() => engine[Symbol.asyncDispose]());

  it('lets what is under way go on when nobody watches the engine any more', async () => {
    const ignoring = ['sh', '-c', 'trap "" TERM; while sleep 1; do :; done'];
    await engine.docker('run', '-d', '--name', 'slow', 'localhost/busybox:1', ...ignoring);
    using seen = new WatchedEngine(endpointAt(engine.address));
    await waitFor('its row', () => seen.container('slow'));
    const stopping = seen.connection.use(docker => docker.getContainer('slow').stop({ t: 4 }));
    // Nothing tells that the engine has begun; before that there is nothing to break.
    await new Promise(resolve => setTimeout(resolve, 500));
    seen.live.close();
    await stopping;
    assert.equal(await engine.docker('inspect', '--format', '{{.State.Running}}', 'slow'), 'false');
  });

  it('has what we say ourselves, and bugs, be no trouble of the engine', async () => {
    const connection = new EngineConnection(endpointAt(engine.address));
    const troubles: unknown[] = [];
    connection.onTrouble = trouble => troubles.push(trouble);
    const own = new HandrailError('notFound', '/nope is no folder there', {});
    const bug = new TypeError('x is undefined');
    for (const error of [own, bug]) {
      await assert.rejects(
        connection.use(() => Promise.reject(error)),
        error,
      );
    }
    assert.deepEqual(troubles, []);
    connection.close();
  });

  it('is tried once where the login was refused, until somebody wants it tried again', async () => {
    await using folder = await temporaryFolder('handrail-ssh');
    const calls = join(folder.path, 'calls');
    const script = `#!/bin/sh\necho call >>'${calls}'\necho 'ana@host: Permission denied (publickey).' >&2\nexit 255\n`;
    await writeFile(join(folder.path, 'ssh'), script);
    await chmod(join(folder.path, 'ssh'), 0o755);
    const env = { PATH: `${folder.path}:${process.env['PATH'] ?? ''}` };
    const connection = new EngineConnection(endpointAt('ssh://ana@host', { env }));
    const refused = (error: unknown) => error instanceof EngineUnusable && error.trouble.trouble === 'login';
    for (let turn = 0; turn < 3; turn++)
      await assert.rejects(
        connection.use(docker => docker.ping()),
        refused,
      );
    const count = async () => (await readFile(calls, 'utf8')).trim().split('\n').length;
    const first = await count();
    connection.allow();
    await assert.rejects(connection.connect(), refused);
    assert.equal(await count(), 2 * first);
    connection.close();
  });
});
