import assert from 'node:assert/strict';
import { ForeignRuns } from '../../../agent/server/foreignRuns';
import { RunFeed } from '../../../agent/server/runFeed';
import { openStore } from '../../../agent/store/openStore';
import { thisHost } from '../../../agent/store/hostProcess';
import { ScriptedRuns } from '../../support/scriptedRuns';
import { temporaryFolder } from '../../support/temporaryFolder';
import { waitFor } from '../../support/waitFor';
import { sampleRun } from '../store/sampleRun';

describe('runs of other processes', () => {
  it('are told of again after the history could not be read', async function () {
    this.timeout(20_000);
    await using folder = await temporaryFolder('handrail-foreign');
    const store = openStore(folder.path, { patience: 50 });
    const logged: string[] = [];
    const told: string[] = [];
    const feed = new RunFeed();
    feed.runChanged = run => void told.push(`${run.id} ${run.state}`);
    const note = (text: string): void => void logged.push(text);
    const runs = new ScriptedRuns(store);
    const foreign = new ForeignRuns({
      data: folder.path,
      feed,
      log: { info: note, warn: note, error: note, close: () => undefined },
      engine: () => ({ store, runs, close: () => runs.close() }),
      isWanted: () => true,
    });
    const other = openStore(folder.path);
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const locker = new DatabaseSync(`${folder.path}/history.db`);
    store.create(sampleRun('01', 1), { pid: 2 ** 30, startTime: '1' });
    locker.exec('BEGIN IMMEDIATE');
    foreign.lookSoon();
    await waitFor('the trouble', () => logged.length > 0);
    locker.exec('ROLLBACK');
    locker.close();
    other.create(sampleRun('02', 1), thisHost());
    await waitFor('the run', () => told.includes('02 running'));
    other.update(sampleRun('02', 1, { state: 'passed', seq: 2 }), []);
    await waitFor('its end', () => told.includes('02 passed'));
    assert.deepEqual(logged, ['Runs of other processes cannot be looked at']);
    foreign.stop();
    other.close();
    store.close();
  });
});
