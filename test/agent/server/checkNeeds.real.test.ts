import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checksChanged, watchChecks, type CheckRow } from '../../../agent/protocol/health';
import { type ScriptedAgent, startScriptedAgent } from '../../support/scriptedAgent';
import { temporaryFolder } from '../../support/temporaryFolder';
import { waitFor } from '../../support/waitFor';

describe('a check that needs another', function () {
  this.timeout(60_000);
  let agent: ScriptedAgent;
  let folder: { path: string } & AsyncDisposable;
  beforeEach(async () => {
    agent = await startScriptedAgent();
    folder = await temporaryFolder('needs');
  });
  afterEach(async () => {
    await agent.agent.closeAreas();
    await agent[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  it('is held back while that is down, and no longer', async () => {
    const file = join(folder.path, 'a.health.yaml');
    await writeFile(
      file,
      [
        'defaults: {type: file, every: 100ms, failures: 2}',
        'checks:',
        '  - {name: db, path: db}',
        '  - {name: api, path: api, needs: db}',
        '  - {name: page, path: page, needs: api}',
      ].join('\n'),
    );
    const rows = new Map<string, CheckRow>();
    const take = (checks: readonly CheckRow[]) => checks.forEach(row => rows.set(row.name, row));
    const connection = await agent.connect();
    connection.on(checksChanged, ({ checks }) => take(checks));
    take((await connection.request(watchChecks, { files: [file], environment: {}, allowed: [] })).checks);
    const turns = (name: string, state: string, heldBackBy: string | undefined) =>
      waitFor(
        `${name} to be ${state}, held back by ${heldBackBy ?? 'none'}`,
        () => {
          const row = rows.get(name);
          return row?.state === state && row.heldBackBy === heldBackBy ? row : undefined;
        },
        30_000,
      );
    await turns('db', 'down', undefined);
    await turns('api', 'down', 'db');
    await turns('page', 'down', 'db');
    await writeFile(join(folder.path, 'db'), '');
    await turns('db', 'up', undefined);
    // It is down for its own sake: now somebody is told.
    await turns('api', 'down', undefined);
    await turns('page', 'down', 'api');
    await writeFile(join(folder.path, 'api'), '');
    await writeFile(join(folder.path, 'page'), '');
    await turns('page', 'up', undefined);
    await rm(join(folder.path, 'page'));
    await turns('page', 'down', undefined);
    assert.equal(rows.get('api')?.state, 'up');
  });
});
