import { createHash } from 'node:crypto';
import type { Row } from '../runRows';
import type { AuditEntry, AuditRow } from '../types';

/** A row as it stands in the database; details are canonical JSON. */
export type ChainedRow = Omit<AuditRow, 'details'> & { readonly details: string };

/** Hash of what stands before the first row. */
export const noHash = '';

/** Row that tells for ever that rows before it were found to be missing or changed when the log went on. */
export const brokenAction = 'audit.broken';

/** Row that tells for ever that rows before it may not have reached the disk before the power was lost. */
export const gapAction = 'audit.gap';

/** First row of a log that follows a damaged one, which it names: for ever, too. */
export const begunAction = 'audit.begun';

/** SHA-256 over the row and the hash of the one before: of the JSON array of all seven, as UTF-8. */
export function hashOf(row: Omit<ChainedRow, 'hash'>, before: string): string {
  const { number, time, action, actor, subject, details } = row;
  const text = JSON.stringify([before, number, time, action, actor, subject, details]);
  return createHash('sha256').update(text).digest('hex');
}

/** Details with their names in order, so that one content has one text. */
export function canonical(details: AuditEntry['details']): string {
  const pairs = Object.entries(details).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return JSON.stringify(Object.fromEntries(pairs));
}

export function chainedRowOf(row: Row): ChainedRow {
  return {
    number: Number(row.number),
    time: Number(row.time),
    action: String(row.action),
    actor: String(row.actor),
    subject: String(row.subject),
    details: String(row.details),
    hash: String(row.hash),
  };
}

export function auditRowOf(row: ChainedRow): AuditRow {
  return { ...row, details: JSON.parse(row.details) as AuditRow['details'] };
}
