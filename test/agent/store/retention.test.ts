import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { thisHost } from '../../../agent/store/hostProcess';
import { openStore } from '../../../agent/store/openStore';
import type { Retention } from '../../../agent/store/prune';
import type { RunStore } from '../../../agent/store/types';
import { temporaryFolder } from '../../support/temporaryFolder';
import { sampleRun, sampleStep } from './sampleRun';

const day = 24 * 60 * 60 * 1000;

describe('what is kept of the history', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: RunStore;

  beforeEach(async () => {
    folder = await temporaryFolder('handrail-retention');
    store = openStore(folder.path);
  });

  afterEach(async () => {
    store.close();
    await folder[Symbol.asyncDispose]();
  });

  /** Opens it again, an hour later as it were. */
  function reopen(retention: Retention): void {
    store.close();
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const db = new DatabaseSync(join(folder.path, 'history.db'));
    db.exec('DELETE FROM notes');
    db.close();
    store = openStore(folder.path, { retention });
  }

  function record(id: string, daysAgo = 0, state: 'passed' | 'running' = 'passed'): void {
    const endedAt = Date.now() - daysAgo * day;
    const steps = [sampleStep(0, { state })];
    store.create(sampleRun(id, 1, { state, steps, startedAt: endedAt - 5, endedAt }), thisHost());
    const output = store.openOutput(id, 0);
    output.append('stdout', Buffer.from(`words of ${id}\n`), 1);
    output.close();
    store.index(id, 0, `words of ${id}\n`);
    writeFileSync(store.statePath(id, 0), 'state');
  }

  const ids = (): string[] => store.list({ limit: 500 }).runs.map(({ id }) => id);
  const ages = [30, 20, 10, 1, 0];
  const cases: readonly [what: string, retention: Retention, left: string[]][] = [
    ['all where there is no limit', {}, ['14', '13', '12', '11', '10']],
    ['so many runs', { runs: 2 }, ['14', '13']],
    ['the newest run at least', { runs: 0 }, ['14']],
    ['what is so old', { ageMs: 15 * day }, ['14', '13', '12']],
    ['the newest run however old it is', { ageMs: 0 }, ['14']],
    ['what keeps to every limit', { runs: 4, ageMs: 25 * day, bytes: 1e9 }, ['14', '13', '12', '11']],
  ];
  for (const [what, retention, left] of cases) {
    it(`is ${what}`, () => {
      ages.forEach((age, at) => record(String(10 + at), age));
      reopen(retention);
      assert.deepEqual(ids(), left);
    });
  }

  it('is nothing of a run that was removed: not its output, states, words or detached steps', () => {
    record('10');
    record('11');
    store.detached.add(detached('10', 2 ** 30));
    reopen({ runs: 1 });
    assert.deepEqual(ids(), ['11']);
    for (const name of ['output', 'states']) {
      assert.equal(existsSync(join(folder.path, name, '10')), false, name);
      assert.equal(existsSync(join(folder.path, name, '11')), true, name);
    }
    assert.deepEqual(
      store.search({ query: 'words', limit: 9 }).hits.map(({ run }) => run.id),
      ['11'],
    );
    assert.deepEqual(store.detached.list(), []);
  });

  it('is every run that goes on, or left something running on purpose', () => {
    record('10', 9, 'running');
    record('11', 9);
    record('12', 9);
    record('13');
    store.detached.add(detached('11', process.pid));
    reopen({ runs: 1 });
    assert.deepEqual(ids(), ['13', '11', '10']);
  });

  it('is looked after in small parts, oldest first', () => {
    for (let n = 100; n < 360; n++) record(String(n));
    reopen({ runs: 10 });
    assert.equal(ids().length, 160);
    assert.equal(ids().at(-1), '200');
    store.close();
    // Not an hour later: there was more to do.
    store = openStore(folder.path, { retention: { runs: 10 } });
    assert.equal(ids().length, 60);
  });

  it('is the whole audit log', () => {
    store.audit.append({ action: 'run.started', actor: 'ana', subject: 'x', details: {} });
    record('10', 30);
    record('11');
    reopen({ runs: 1, ageMs: 1, bytes: 1 });
    assert.deepEqual(store.audit.verify(), { rows: 1 });
  });

  function detached(run: string, pid: number): Parameters<RunStore['detached']['add']>[0] {
    const startTime = pid === process.pid ? thisHost().startTime : '1';
    return { run, step: 0, name: 'web', file: '/x.md', pid, startTime, log: '/x', startedAt: 1 };
  }
});
