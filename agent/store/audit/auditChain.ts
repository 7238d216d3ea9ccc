import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { transaction } from '../transaction';
import type { AuditEntry, AuditLog } from '../types';
import type { AuditHead, Head } from './auditHead';
import { begunAction, brokenAction, canonical, chainedRowOf, hashOf, noHash } from './auditRow';
import type { ChainedRow } from './auditRow';
import { verifyChain } from './verifyChain';

/** The rows of the log and the head that tells where they end. */
export class AuditChain {
  readonly #db: DatabaseSync;
  readonly #head: AuditHead;
  readonly #last: StatementSync;
  readonly #insert: StatementSync;
  readonly #at: StatementSync;

  constructor(db: DatabaseSync, head: AuditHead) {
    this.#db = db;
    this.#head = head;
    this.#last = db.prepare('SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1');
    this.#at = db.prepare('SELECT hash FROM audit WHERE number = ?');
    this.#insert = db.prepare('INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)');
  }

  /** Gives the rows that were written: the entry's, and before it what there is to say of the chain itself. */
  append(entry: AuditEntry): ChainedRow[] {
    return this.#write([entry], () => this.#trouble());
  }

  /** @param before number of a row; those before it are given, newest first */
  list(limit: number, before: number): ChainedRow[] {
    const select = this.#db.prepare('SELECT * FROM audit WHERE number < ? ORDER BY number DESC LIMIT ?');
    return select.all(before, limit).map(chainedRowOf);
  }

  verify(): ReturnType<AuditLog['verify']> {
    // The head is read first: meanwhile there may only be more rows.
    return verifyChain(this.#db, this.#head.read());
  }

  /** The first row of a chain that follows a damaged one tells where that is, and how far it went. */
  beginAnew(setAside: string): void {
    const { number = 0, hash = noHash } = this.#head.read() ?? {};
    this.#head.reset();
    this.#write([
      { action: begunAction, actor: 'handrail', subject: setAside, details: { rows: number, hash } },
    ]);
  }

  close(): void {
    this.#db.close();
    this.#head.close();
  }

  /** `before`: what there is to say first. Within the transaction: other processes append, too. */
  #write(entries: readonly AuditEntry[], before?: () => AuditEntry | undefined): ChainedRow[] {
    const rows = transaction(this.#db, () =>
      [before?.() ?? [], entries].flat().map(entry => this.#add(entry)),
    );
    const last = rows.at(-1);
    // Only now: a head that is ahead of what is committed would look like rows that were taken away.
    if (last) this.#head.move(last);
    return rows;
  }

  #add({ action, actor, subject, details }: AuditEntry): ChainedRow {
    const last = this.#end();
    const number = last.number + 1;
    const row = { number, time: Date.now(), action, actor, subject, details: canonical(details) };
    const hash = hashOf(row, last.hash);
    this.#insert.run(number, row.time, action, actor, subject, row.details, hash);
    return { ...row, hash };
  }

  #end(): Head {
    const row = this.#last.get();
    return row ? { number: Number(row.number), hash: String(row.hash) } : { number: 0, hash: noHash };
  }

  /** What is written on top of a log that was cut would hide the cut. */
  #trouble(): AuditEntry | undefined {
    const head = this.#head.read();
    const end = this.#end();
    if (head === undefined && end.number === 0) return undefined;
    const { number = 0, hash = noHash } = head ?? {};
    if (head !== undefined && this.#hashAt(number) === hash) return undefined;
    const details = { rows: end.number, expectedRows: number, expectedHash: hash };
    return { action: brokenAction, actor: 'handrail', subject: 'audit.db', details };
  }

  #hashAt(number: number): string | undefined {
    if (number === 0) return noHash;
    const row = this.#at.get(number);
    return row && String(row.hash);
  }
}
