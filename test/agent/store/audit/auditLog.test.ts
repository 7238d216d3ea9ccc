import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../../../agent/store/openStore';
import type { AuditEntry, AuditLog, RunStore } from '../../../../agent/store/types';
import { temporaryFolder } from '../../../support/temporaryFolder';

const { DatabaseSync } = process.getBuiltinModule('node:sqlite');

function entry(n: number, change: Partial<AuditEntry> = {}): AuditEntry {
  return {
    action: 'step.started',
    actor: 'ana via cli',
    subject: `step-${n}`,
    details: { run: 'abc', step: n },
    ...change,
  };
}

describe('the audit log', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: RunStore;

  beforeEach(async () => {
    folder = await temporaryFolder('handrail-audit');
    store = openStore(folder.path);
  });

  afterEach(async () => {
    store.close();
    await folder[Symbol.asyncDispose]();
  });

  function append(count: number): void {
    for (let n = 1; n <= count; n++) store.audit.append(entry(n));
  }

  /** Does to the file what only somebody who means harm does. */
  function tamper(sql: string): void {
    store.close();
    const db = new DatabaseSync(join(folder.path, 'audit.db'));
    for (const name of ['audit_appends', 'audit_keeps_rows', 'audit_keeps_text'])
      db.exec(`DROP TRIGGER IF EXISTS ${name}`);
    db.exec(sql);
    db.close();
    store = openStore(folder.path);
  }

  it('gives back what was put in, newest first, in pages', () => {
    append(5);
    const rows = store.audit.list({ limit: 3 });
    assert.deepEqual(
      rows.map(({ number, subject, details }) => [number, subject, details]),
      [5, 4, 3].map(n => [n, `step-${n}`, { run: 'abc', step: n }]),
    );
    assert.deepEqual(
      store.audit.list({ limit: 9, before: 3 }).map(({ number }) => number),
      [2, 1],
    );
    assert.ok(
      rows.every(({ time, hash }) => Math.abs(time - Date.now()) < 60_000 && /^[0-9a-f]{64}$/.test(hash)),
    );
    assert.deepEqual(store.audit.verify(), { rows: 5 });
  });

  it('holds where nothing was written yet', () => {
    assert.deepEqual(store.audit.verify(), { rows: 0 });
    assert.deepEqual(store.audit.list({ limit: 1 }), []);
  });

  it('is only ever appended to', () => {
    append(2);
    store.close();
    const db = new DatabaseSync(join(folder.path, 'audit.db'));
    const row = `'a', 'a', 'a', '{}', 'h'`;
    for (const sql of [
      'DELETE FROM audit WHERE number = 1',
      `UPDATE audit SET actor = 'eve' WHERE number = 1`,
      `INSERT INTO audit VALUES (7, 1, ${row})`,
      `INSERT OR REPLACE INTO audit VALUES (1, 1, ${row})`,
    ])
      assert.throws(() => db.exec(sql), /only ever appended to/, sql);
    db.close();
    store = openStore(folder.path);
    assert.deepEqual(store.audit.verify(), { rows: 2 });
  });

  const swap = `UPDATE audit SET number = 1000 WHERE number = 4; UPDATE audit SET number = 4 WHERE number = 5;
                UPDATE audit SET number = 5 WHERE number = 1000`;
  const harms: readonly [what: string, sql: string, number: number, problem: RegExp][] = [
    ['whose actor was changed', `UPDATE audit SET actor = 'eve' WHERE number = 4`, 4, /row 4 was changed/],
    ['whose time was changed', 'UPDATE audit SET time = time + 1 WHERE number = 4', 4, /row 4 was changed/],
    [
      'whose details were changed',
      `UPDATE audit SET details = '{}' WHERE number = 1`,
      1,
      /row 1 was changed/,
    ],
    ['whose hash was changed', `UPDATE audit SET hash = 'x' WHERE number = 9`, 9, /row 9 was changed/],
    ['that stands elsewhere', swap, 4, /row 4 was changed, or stands where another/],
    ['that is missing', 'DELETE FROM audit WHERE number = 4', 4, /row 4 is missing/],
    ['that is missing at the beginning', 'DELETE FROM audit WHERE number < 3', 1, /rows 1 to 2 are missing/],
    ['that is missing at the end', 'DELETE FROM audit WHERE number > 7', 8, /rows 8 to 10 are missing/],
    ['of which none is left', 'DELETE FROM audit', 1, /rows 1 to 10 are missing/],
  ];
  for (const [what, sql, number, problem] of harms) {
    it(`tells of a row ${what}`, () => {
      append(10);
      tamper(sql);
      const { rows, broken } = store.audit.verify();
      assert.deepEqual([rows, broken?.number], [number - 1, number]);
      assert.match(broken?.problem ?? '', problem);
    });
  }

  it('tells of a cut for ever, also when much was written after it', () => {
    append(10);
    tamper('DELETE FROM audit WHERE number > 7');
    append(20);
    const { broken } = store.audit.verify();
    assert.equal(broken?.number, 8);
    assert.match(broken.problem, /went on after 7 of 10 rows/);
    assert.equal(store.audit.list({ limit: 100 }).find(({ number }) => number === 8)?.action, 'audit.broken');
  });

  it('tells of a cut while the process that writes goes on', () => {
    append(5);
    const other = new DatabaseSync(join(folder.path, 'audit.db'));
    other.exec('DROP TRIGGER audit_keeps_rows; DELETE FROM audit WHERE number > 3');
    other.close();
    append(3);
    assert.match(store.audit.verify().broken?.problem ?? '', /went on after 3 of 5 rows/);
  });

  it('tells that its other file was taken away', () => {
    append(3);
    store.close();
    rmSync(join(folder.path, 'audit.head'));
    store = openStore(folder.path);
    assert.match(store.audit.verify().broken?.problem ?? '', /not there/);
  });

  it('tells that its database was taken away', () => {
    append(3);
    store.close();
    for (const name of readdirSync(folder.path))
      if (name.startsWith('audit.db')) rmSync(join(folder.path, name));
    store = openStore(folder.path);
    assert.match(store.audit.verify().broken?.problem ?? '', /rows 1 to 3 are missing/);
  });

  it('is set aside when it is damaged, and the new one begins with that', () => {
    append(3);
    store.close();
    writeFileSync(join(folder.path, 'audit.db'), 'this is text, and more than a header. '.repeat(50));
    store = openStore(folder.path);
    append(1);
    assert.match(store.notices.join(), /audit log was damaged.*audit\.db\.damaged-/);
    // For ever, not only until somebody has looked.
    for (let look = 0; look < 2; look++) {
      const { broken } = store.audit.verify();
      assert.equal(broken?.number, 1);
      assert.match(
        broken.problem,
        /an earlier log of 3 rows was damaged and set aside as .*audit\.db\.damaged-/,
      );
    }
    const first = store.audit.list({ limit: 9 }).at(-1);
    assert.deepEqual([first?.action, first?.details['rows']], ['audit.begun', 3]);
  });

  it('survives that the history is damaged', () => {
    append(3);
    store.close();
    writeFileSync(join(folder.path, 'history.db'), 'this is text, and more than a header. '.repeat(50));
    store = openStore(folder.path);
    assert.equal(store.notices.length, 1);
    assert.deepEqual(store.audit.verify(), { rows: 3 });
  });

  it('says that it was written by a newer version, so that nothing is done unlogged', () => {
    append(1);
    store.close();
    const db = new DatabaseSync(join(folder.path, 'audit.db'));
    db.exec('PRAGMA user_version = 99');
    db.close();
    store = openStore(folder.path);
    assert.throws(() => append(1), /newer Handrail.*audit\.db.*Update/);
  });

  it('is for its user only', () => {
    append(1);
    assert.equal(statSync(join(folder.path, 'audit.head')).mode & 0o077, 0);
  });

  it('keeps one chain when processes write at the same time', async function () {
    this.timeout(60_000);
    const script = join(import.meta.dirname, 'auditWriter.ts');
    const writers = Array.from({ length: 3 }, (_, at) =>
      spawn(process.execPath, ['--import', 'tsx', script, folder.path, String(at), '200'], {
        stdio: 'inherit',
      }),
    );
    const codes = await Promise.all(writers.map(async writer => (await once(writer, 'exit'))[0] as number));
    assert.deepEqual(codes, [0, 0, 0]);
    assert.deepEqual(store.audit.verify(), { rows: 600 });
    assert.match(readFileSync(join(folder.path, 'audit.head'), 'latin1'), /^ +600 [0-9a-f]{64}\n/);
  });

  it('walks a long chain in little memory', function () {
    this.timeout(60_000);
    for (let n = 0; n < 20_000; n++) store.audit.append(entry(n, { details: { text: 'x'.repeat(500) } }));
    const before = process.memoryUsage().heapUsed;
    assert.deepEqual(store.audit.verify(), { rows: 20_000 });
    const grown = process.memoryUsage().heapUsed - before;
    assert.ok(grown < 40e6, `${grown} bytes`);
  });

  describe('after a loss of power', () => {
    /** What the disk held: rows that were written at the end are gone, and the system was started again. */
    function loseRows(after: number): void {
      tamper(`DELETE FROM audit WHERE number > ${after}`);
      const path = join(folder.path, 'audit.head');
      const lines = readFileSync(path, 'latin1').split('\n');
      writeFileSync(path, [lines[0], lines[1]?.replace(/^.{8}/, 'e'.repeat(8)), ''].join('\n'), 'latin1');
    }

    it('tells of rows that may not have reached the disk, and goes on', () => {
      append(5);
      loseRows(3);
      assert.deepEqual(store.audit.verify(), { rows: 3, gaps: [{ after: 3, lost: 2 }] });
      append(2);
      assert.deepEqual(store.audit.verify(), { rows: 6, gaps: [{ after: 3, lost: 2 }] });
      assert.equal(store.audit.list({ limit: 9 }).find(({ number }) => number === 4)?.action, 'audit.gap');
      loseRows(5);
      assert.deepEqual(store.audit.verify().gaps, [
        { after: 3, lost: 2 },
        { after: 5, lost: 1 },
      ]);
    });

    it('has the rows of more than half a minute before: without them it is broken', () => {
      // The first row of all waits for the disk.
      append(3);
      loseRows(0);
      assert.match(store.audit.verify().broken?.problem ?? '', /rows 1 to 3 are missing/);
    });

    it('is broken where the system was not started again', () => {
      append(5);
      tamper('DELETE FROM audit WHERE number > 3');
      assert.match(store.audit.verify().broken?.problem ?? '', /rows 4 to 5 are missing/);
    });

    it('goes on from the head that an older version wrote', () => {
      append(2);
      store.close();
      const path = join(folder.path, 'audit.head');
      writeFileSync(path, readFileSync(path, 'latin1').slice(0, 82), 'latin1');
      store = openStore(folder.path);
      assert.deepEqual(store.audit.verify(), { rows: 2 });
      append(1);
      assert.deepEqual(store.audit.verify(), { rows: 3 });
    });
  });

  describe('copied elsewhere', () => {
    const copied = (path: string): unknown[] =>
      readFileSync(path, 'utf8')
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line) as unknown);

    it('is the same rows as JSON lines', () => {
      const path = join(folder.path, 'copy.jsonl');
      store.close();
      store = openStore(folder.path, { auditCopy: path });
      append(3);
      assert.deepEqual(copied(path), store.audit.list({ limit: 9 }).reverse());
      assert.deepEqual(store.notices, []);
      assert.equal(statSync(path).mode & 0o077, 0);
    });

    it('is whole again where the copy lost its end, and goes on in a file that was rotated', () => {
      const path = join(folder.path, 'copy.jsonl');
      const reopen = (): void => {
        store.close();
        store = openStore(folder.path, { auditCopy: path });
      };
      reopen();
      append(4);
      const whole = readFileSync(path, 'utf8');
      const twoLines = whole.split('\n').slice(0, 2).join('\n').length + 1;
      writeFileSync(path, whole.slice(0, twoLines + 20));
      reopen();
      append(1);
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
      assert.equal(lines.length, 6, 'one of them is half a row');
      assert.deepEqual(
        lines.filter((_, at) => at !== 2).map(line => JSON.parse(line) as unknown),
        store.audit.list({ limit: 9 }).reverse(),
      );
      rmSync(path);
      reopen();
      append(1);
      assert.deepEqual(copied(path), store.audit.list({ limit: 1 }));
    });

    it('says at once that it cannot be, and logs all the same', () => {
      store.close();
      store = openStore(folder.path, { auditCopy: join(folder.path, 'nowhere', 'copy.jsonl') });
      assert.match(store.notices.join(), /copy of the audit log cannot be written.*nowhere/);
      append(2);
      assert.equal(store.notices.length, 1);
      mkdirSync(join(folder.path, 'nowhere'));
      append(1);
      assert.deepEqual(
        copied(join(folder.path, 'nowhere', 'copy.jsonl')),
        store.audit.list({ limit: 9 }).reverse(),
      );
      assert.deepEqual(store.audit.verify(), { rows: 3 });
    });
  });
});

describe('an entry of the audit log', () => {
  it('has one hash whatever the order of its details', async () => {
    await using folder = await temporaryFolder('handrail-audit-order');
    const store = openStore(folder.path);
    const log: AuditLog = store.audit;
    log.append(entry(1, { details: { b: 1, a: 'x' } }));
    assert.deepEqual(Object.keys(log.list({ limit: 1 })[0]?.details ?? {}), ['a', 'b']);
    store.close();
  });
});
