import type { DatabaseSync } from 'node:sqlite';
import type { CheckHistory, HistoryPoint, HistorySpan, Incident, Uptime } from '../../protocol/checkHistory';
import type { Row } from '../runRows';
import { day, hour, minute, spans } from './resultRecord';
import { Sketch } from './sketch';

const mostIncidents = 100;

/** What can be told of a check's past. */
export class CheckHistories {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  of(id: string, asked: HistorySpan): CheckHistory {
    const n = Number(this.#db.prepare('SELECT n FROM checks WHERE id = ?').get(id)?.['n'] ?? -1);
    const { from, to } = asked;
    const now = Date.now();
    const level = levelFor(from, to, now);
    const width = Math.max(1, Math.ceil((to - from) / asked.points / level)) * level;
    const rows = this.#db
      .prepare('SELECT * FROM rollups WHERE n = ? AND span = ? AND at >= ? AND at < ? ORDER BY at')
      .all(n, level, Math.floor(from / level) * level, to);
    const all = new Sketch();
    for (const { sketch } of rows) all.merge(sketch as Uint8Array);
    return {
      from,
      to,
      width,
      points: pointsOf(rows, width),
      percentiles: percentilesOf(all),
      uptime: {
        day: this.#uptime(n, to - day, to, minute),
        week: this.#uptime(n, to - 7 * day, to, hour),
        month: this.#uptime(n, to - 30 * day, to, hour),
      },
      ...this.#incidents(n, from, to),
    };
  }

  /** Summed up from whole minutes or hours: what reaches into the beginning by a part counts as a whole. */
  #uptime(n: number, from: number, to: number, span: number): Uptime {
    const row = this.#db
      .prepare(
        `SELECT total(up) + total(degraded) AS well, total(down) AS down, total(unknown) AS unknown,
           total(maintenance) AS maintenance
         FROM rollups WHERE n = ? AND span = ? AND at >= ? AND at < ?`,
      )
      .get(n, span, Math.ceil(from / span) * span, to);
    const [well, down] = [Number(row?.['well'] ?? 0), Number(row?.['down'] ?? 0)];
    const watched = well + down + Number(row?.['unknown'] ?? 0) + Number(row?.['maintenance'] ?? 0);
    const gap = Math.max(0, to - from - watched);
    return { ...(well + down > 0 && { up: well / (well + down) }), down, gap };
  }

  #incidents(n: number, from: number, to: number): Pick<CheckHistory, 'incidents' | 'isCut'> {
    const rows = this.#db
      .prepare(
        `SELECT at, message, (
           SELECT min(at) FROM turns AS later WHERE later.n = turns.n AND later.at > turns.at
         ) AS ended
         FROM turns WHERE n = ? AND state = 'down' AND at < ? AND (ended IS NULL OR ended > ?)
         ORDER BY at DESC LIMIT ?`,
      )
      .all(n, to, from, mostIncidents + 1);
    const incidents = rows.slice(0, mostIncidents).map(incidentOf);
    return { incidents, isCut: rows.length > mostIncidents };
  }
}

/** The finest sums that are still kept and not too many. */
function levelFor(from: number, to: number, now: number): number {
  const fits = spans.find(({ span, kept }) => from >= now - kept && (to - from) / span <= 3000);
  return fits?.span ?? day;
}

function incidentOf({ at, ended, message }: Row): Incident {
  return { from: Number(at), ...(ended !== null && { to: Number(ended) }), message: String(message) };
}

function pointsOf(rows: readonly Row[], width: number): HistoryPoint[] {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const at = Math.floor(Number(row['at']) / width) * width;
    const group = groups.get(at);
    if (group === undefined) groups.set(at, [row]);
    else group.push(row);
  }
  return [...groups].map(([at, group]) => {
    const sum = (name: string): number => group.reduce((total, row) => total + Number(row[name]), 0);
    const sketch = new Sketch();
    for (const row of group) sketch.merge(row['sketch'] as Uint8Array);
    const [count, up, degraded, down] = [sum('count'), sum('up'), sum('degraded'), sum('down')];
    const [unknown, maintenance] = [sum('unknown'), sum('maintenance')];
    return { ...{ at, count, up, degraded, down, unknown, maintenance }, ...percentilesOf(sketch) };
  });
}

function percentilesOf(sketch: Sketch): { p50?: number; p95?: number; p99?: number } {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map(part => sketch.quantile(part));
  return p50 === undefined || p95 === undefined || p99 === undefined ? {} : { p50, p95, p99 };
}
