import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CheckStore } from '../../../../agent/store/health/checkStore';
import { day, hour, minute, type ResultRecord } from '../../../../agent/store/health/resultRecord';

describe('the results of checks', () => {
  let folder: string;
  let store: CheckStore;
  // Whole hours, so that what is expected can be counted by hand.
  const now = Math.floor(Date.now() / hour) * hour;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'handrail-checks-'));
    store = new CheckStore(folder);
  });
  afterEach(async () => {
    store.close();
    await rm(folder, { recursive: true, maxRetries: 5 });
  });

  const record = (at: number, fields: Partial<ResultRecord> = {}): ResultRecord => ({
    ...{ id: 'a', at, state: 'up', ms: 10, status: '{}', stood: { as: 'up', for: minute } },
    ...fields,
  });
  const span = { from: now - day, to: now, points: 24 };

  it('give uptime over the time that was watched alone', () => {
    const down = { state: 'down', stood: { as: 'down', for: minute } } as const;
    const minutes = Array.from({ length: 60 }, (_, at) => now - 2 * hour + (at + 1) * minute);
    store.write(minutes.map((at, n) => record(at, n < 15 ? down : {})));
    const { uptime, points } = store.history('a', span);
    assert.deepEqual(uptime.day, { up: 0.75, down: 15 * minute, gap: 23 * hour });
    assert.deepEqual(uptime.week, { up: 0.75, down: 15 * minute, gap: 7 * day - hour });
    assert.equal(points[0]?.at, now - 2 * hour);
    assert.deepEqual([points[0].up, points[0].down], [45 * minute, 15 * minute]);
  });

  it('tell of nothing that was never watched', () => {
    const { uptime, points, incidents, percentiles } = store.history('never', span);
    assert.deepEqual([uptime.day, points, incidents, percentiles], [{ down: 0, gap: day }, [], [], {}]);
  });

  it('split the time of one probe over the hours and days that it lasted', () => {
    store.write([record(now - hour, { stood: { as: 'up', for: 30 * hour } })]);
    const { points } = store.history('a', { from: now - 2 * day, to: now, points: 48 });
    assert.equal(
      points.reduce((sum, { up }) => sum + up, 0),
      30 * hour,
    );
    assert.ok(points.every(({ up }) => up <= hour));
  });

  it('give percentiles that are right to some percent, over merged sums as well', () => {
    const times = Array.from({ length: 1000 }, (_, at) => at + 1);
    for (const part of [times.slice(0, 500), times.slice(500)])
      store.write(part.map(ms => record(now - 3 * hour + ms * 10_000, { ms })));
    const { p50 = 0, p95 = 0, p99 = 0 } = store.history('a', span).percentiles;
    for (const [found, wanted] of [
      [p50, 500],
      [p95, 950],
      [p99, 990],
    ] as const)
      assert.ok(Math.abs(found - wanted) / wanted < 0.06, `${String(found)} instead of ${String(wanted)}`);
  });

  it('tell of incidents with their end and the error', () => {
    const turned = (to: string, message = '') => ({ turned: { to, message } });
    store.write([
      record(now - 5 * hour, turned('down', 'status was 503')),
      record(now - 4 * hour, turned('up')),
      record(now - hour, turned('down', 'refused')),
    ]);
    assert.deepEqual(store.history('a', span).incidents, [
      { from: now - hour, message: 'refused' },
      { from: now - 5 * hour, to: now - 4 * hour, message: 'status was 503' },
    ]);
  });

  it('keep sums where single results have gone', () => {
    const old = now - 2 * day;
    store.write([record(old), record(now)]);
    assert.equal(store.kept('a')?.recent.length, 2);
    store.prune(now);
    assert.equal(store.kept('a')?.recent.length, 1);
    const { points } = store.history('a', { from: old - hour, to: now, points: 50 });
    assert.equal(points.length > 0 && points[0]?.count, 1);
  });

  it('remember state and muting when opened again', () => {
    store.write([record(now, { status: '{"state":"down"}' })]);
    store.mute('a', { until: now + hour, by: 'ana' });
    store.close();
    store = new CheckStore(folder);
    const { status, muted, recent } = store.kept('a') ?? {};
    assert.deepEqual([status, muted], ['{"state":"down"}', { until: now + hour, by: 'ana' }]);
    assert.deepEqual(recent, [{ state: 'up', ms: 10 }]);
    store.mute('a', undefined);
    assert.equal(store.kept('a')?.muted, undefined);
  });

  it('are refused soon, with the reason, while another process holds the database', () => {
    const other = new DatabaseSync(join(folder, 'health.db'));
    other.exec('BEGIN IMMEDIATE');
    assert.throws(() => store.write([record(now)]), { code: 'store' });
    other.exec('ROLLBACK');
    other.close();
    store.write([record(now)]);
    const { points } = store.history('a', { from: now - hour, to: now + hour, points: 2 });
    assert.equal(
      points.reduce((sum, { count }) => sum + count, 0),
      1,
    );
  });

  it('cost little for a year', () => {
    const sums = 3 * 24 * 60 + 100 * 24 + 366;
    assert.ok(sums < 10_000);
    const records = Array.from({ length: 2000 }, (_, at) => record(now - at * 30_000, { ms: at % 100 }));
    store.write(records);
    const db = new DatabaseSync(join(folder, 'health.db'));
    const row = db.prepare('SELECT avg(length(sketch)) AS bytes FROM rollups WHERE span = 3600000').get();
    db.close();
    assert.ok(Number(row?.['bytes']) < 400, String(row?.['bytes']));
  });
});
