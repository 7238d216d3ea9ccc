import assert from 'node:assert/strict';
import { join } from 'node:path';
import { historyMigrations, migrate } from '../../../agent/store/migrations';
import { SearchIndex } from '../../../agent/store/search/searchIndex';
import { openStore } from '../../../agent/store/openStore';
import { temporaryFolder } from '../../support/temporaryFolder';
import { sampleRun, sampleStep } from './sampleRun';

const { DatabaseSync } = process.getBuiltinModule('node:sqlite');

/** A history as version `version` of the schema left it: one run of one step. */
function makeOld(folder: string, version: number): void {
  const path = join(folder, 'history.db');
  const db = new DatabaseSync(path);
  migrate(db, path, historyMigrations.slice(0, version));
  const key = JSON.stringify({ section: 'Deploy', hash: 'hash-0', ordinal: 0, index: 0 });
  const bytes = version === 1 ? 'output_bytes' : 'disk_bytes';
  db.exec(`INSERT INTO runs (id, file, title, state, seq, started_at, ended_at, steps_total, steps_done, asked_by,
             user, text_hash, cwd, host, ${bytes}, host_pid, host_start)
           VALUES ('8f3a', '/books/deploy.md', 'Deploy', 'passed', 7, 1700000000000, 1700000001000, 1, 1, 'cli',
             'ana', '0123456789abcdef', '/books', 'box', 123, 1, '1')`);
  db.exec(`INSERT INTO steps (run, idx, cell, name, cell_key, language, line, section, text, state, attempt,
             tty, output_seq, output_bytes)
           VALUES (1, 0, 'x', 'step-0', '${key}', 'bash', 10, '["Deploy"]', 'echo 0' || char(10), 'passed', 1, 0, 1, 5)`);
  db.close();
}

describe('a history of an older version', () => {
  it('is made searchable from its newest run on, some runs at a time', async () => {
    await using folder = await temporaryFolder('handrail-old');
    makeOld(folder.path, 2);
    const path = join(folder.path, 'history.db');
    const db = new DatabaseSync(path);
    db.exec(`WITH RECURSIVE more(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM more WHERE n < 25)
             INSERT INTO runs SELECT more.n, 'a' || more.n, file, title, state, seq, started_at, ended_at, steps_total,
               steps_done, step, asked_by, user, text_hash, cwd, host, commit_id, dirty, disk_bytes, host_pid, host_start
             FROM more, runs WHERE runs.n = 1`);
    db.exec(`INSERT INTO steps SELECT runs.n, idx, cell, name, cell_key, language, line, section, text, steps.state,
               attempt, steps.started_at, steps.ended_at, reason, exit, signal, message, failed_line, tty, output_seq,
               output_bytes FROM runs, steps WHERE runs.n > 1`);
    migrate(db, path, historyMigrations);
    const index = new SearchIndex(db, () => 'printed');
    const found = (): number => index.search({ query: 'printed', limit: 100 }).hits.length;
    assert.deepEqual([index.left(), found()], [25, 0]);
    index.catchUp(0);
    assert.deepEqual([index.left(), found()], [15, 10]);
    assert.equal(index.search({ query: 'printed', limit: 1 }).hits[0]?.run.id, 'a25');
    index.catchUp(10_000);
    assert.deepEqual([index.left(), found()], [0, 25]);
    db.close();
  });

  for (const version of [1, 2]) {
    it(`of schema ${version} reads as it was, and goes on`, async () => {
      await using folder = await temporaryFolder('handrail-old');
      makeOld(folder.path, version);
      const store = openStore(folder.path);
      const step = sampleStep(0, { state: 'passed', attempt: 1, outputSeq: 1, outputBytes: 5 });
      const old = {
        state: 'passed',
        seq: 7,
        endedAt: 1_700_000_001_000,
        stepsDone: 1,
        steps: [step],
      } as const;
      assert.deepEqual(store.find('8f3a'), sampleRun('8f3a', 1, { ...old, steps: [step] }));
      assert.deepEqual(store.lastInputs('/books/deploy.md'), {});
      const found = store.search({ query: 'echo', limit: 1 });
      assert.deepEqual([found.hits.map(({ run }) => run.id), found.unindexed], [['8f3a'], undefined]);
      store.index('8f3a', 0, 'printed');
      assert.equal(store.search({ query: 'printed', limit: 1 }).hits[0]?.run.id, '8f3a');
      store.create(sampleRun('9000'), { pid: process.pid, startTime: '1' });
      assert.deepEqual(store.notices, []);
      store.close();
    });
  }
});
