import type { DatabaseSync } from 'node:sqlite';
import type { AuditLog } from '../types';
import type { Head } from './auditHead';
import { begunAction, brokenAction, chainedRowOf, gapAction, hashOf, noHash } from './auditRow';
import type { ChainedRow } from './auditRow';
import { mayBeLost } from './mayBeLost';

type Verdict = ReturnType<AuditLog['verify']>;
type Gap = NonNullable<Verdict['gaps']>[number];

/**
 * Walks the chain from its first row, one row in memory at a time. `head`: where it ended at least, read before;
 * undefined where that is not known any more.
 */
export function verifyChain(db: DatabaseSync, head: Head | undefined): Verdict {
  let rows = 0;
  let before = noHash;
  let atHead = head?.number === 0 ? noHash : undefined;
  const gaps: Gap[] = [];
  for (const each of db.prepare('SELECT * FROM audit ORDER BY number').iterate()) {
    const row = chainedRowOf(each);
    const number = rows + 1;
    if (row.number !== number) return broken(rows, number, missing(number, row.number - 1));
    if (hashOf(row, before) !== row.hash) return broken(rows, number, changed(number));
    if (row.action === brokenAction) return broken(number, number, continued(row));
    if (row.action === begunAction) return broken(number, number, begunAnew(row));
    if (row.action === gapAction) gaps.push(gapOf(row));
    rows = number;
    before = row.hash;
    if (number === head?.number) atHead = row.hash;
  }
  if (rows === 0 && head === undefined) return { rows };
  if (head === undefined) return broken(rows, rows, 'the file that tells where the log ends is not there');
  if (head.number > rows && mayBeLost(head, rows)) {
    return { rows, gaps: [...gaps, { after: rows, lost: head.number - rows }] };
  }
  if (head.number > rows) return broken(rows, rows + 1, missing(rows + 1, head.number));
  if (atHead !== head.hash) return broken(rows, head.number, `${changed(head.number)}, with all after it`);
  return gaps.length === 0 ? { rows } : { rows, gaps };
}

function broken(rows: number, number: number, problem: string): Verdict {
  return { rows, broken: { number, problem } };
}

function continued({ number, details }: ChainedRow): string {
  const { expectedRows } = JSON.parse(details) as { expectedRows?: number };
  return `row ${number} tells that the log went on after ${number - 1} of ${expectedRows} rows, or after rows that were changed`;
}

function gapOf({ number, details }: ChainedRow): Gap {
  const { expectedRows = number } = JSON.parse(details) as { expectedRows?: number };
  return { after: number - 1, lost: expectedRows - number + 1 };
}

function begunAnew({ subject, details }: ChainedRow): string {
  const { rows } = JSON.parse(details) as { rows?: number };
  return `an earlier log of ${rows} rows was damaged and set aside as ${subject}`;
}

function missing(from: number, to: number): string {
  return from === to ? `row ${from} is missing` : `rows ${from} to ${to} are missing`;
}

function changed(number: number): string {
  return `row ${number} was changed, or stands where another one stood`;
}
