import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { bootId } from '../bootId';
import { isLocked, storeError } from '../storeError';
import { transaction } from '../transaction';
import type { AuditEntry, AuditLog } from '../types';
import type { AuditCopy } from './auditCopy';
import type { AuditHead, ChainEnd, Head } from './auditHead';
import { begunAction, brokenAction, canonical, chainedRowOf, gapAction, hashOf, noHash } from './auditRow';
import type { ChainedRow } from './auditRow';
import { mayBeLost } from './mayBeLost';
import { verifyChain } from './verifyChain';

/** What a chain is kept in. */
export interface ChainParts {
  readonly db: DatabaseSync;
  readonly head: AuditHead;
  readonly copy: AuditCopy | undefined;
  /** Whether it can only be read. */
  readonly onlyRead: boolean;
}

/**
 * The rows of the log, the head that tells where they end, and the copy. Rows are committed first; head and copy
 * follow under the same lock, up to whatever is committed then. So neither is ever ahead of the rows or goes back,
 * whoever else writes, and what a killed process left undone is done by the next row.
 */
export class AuditChain {
  readonly #db: DatabaseSync;
  readonly #head: AuditHead;
  readonly #copy: AuditCopy | undefined;
  readonly #onlyRead: boolean;
  readonly #last: StatementSync;
  readonly #insert: StatementSync;
  readonly #at: StatementSync;

  constructor({ db, head, copy, onlyRead }: ChainParts) {
    this.#db = db;
    this.#head = head;
    this.#copy = copy;
    this.#onlyRead = onlyRead;
    this.#last = db.prepare('SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1');
    this.#at = db.prepare('SELECT hash FROM audit WHERE number = ?');
    this.#insert = db.prepare('INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)');
  }

  /** Writes the entry's row, and before it what there is to say of the chain itself. */
  append(entry: AuditEntry): void {
    this.#write(entry, () => this.#trouble());
  }

  /** @param before number of a row; those before it are given, newest first */
  list(limit: number, before: number): ChainedRow[] {
    const select = this.#db.prepare('SELECT * FROM audit WHERE number < ? ORDER BY number DESC LIMIT ?');
    return select.all(before, limit).map(chainedRowOf);
  }

  verify(): ReturnType<AuditLog['verify']> {
    // Nobody may be about to write the head while it is read. Later there may only be more rows.
    const head = this.#onlyRead ? this.#head.read() : transaction(this.#db, () => this.#head.read());
    return verifyChain(this.#db, head);
  }

  runs(): ReadonlySet<string> {
    const started = this.#db.prepare(
      `SELECT json_extract(details, '$.run') AS run FROM audit WHERE action = 'run.started'`,
    );
    return new Set(started.all().map(({ run }) => String(run)));
  }

  /** The first row of a chain that follows a damaged one tells where that is, and how far it went. */
  beginAnew(setAside: string): void {
    const { number = 0, hash = noHash } = this.#head.read() ?? {};
    const details = { rows: number, hash };
    this.#write({ action: begunAction, actor: 'handrail', subject: setAside, details }, () => {
      this.#head.begin(bootId());
      return undefined;
    });
  }

  close(): void {
    this.#db.close();
    this.#head.close();
  }

  /** `before`: what there is to say first. Within the transaction: other processes append, too. */
  #write(entry: AuditEntry, before: () => AuditEntry | undefined): void {
    const sync = isDue(this.#head.read());
    // One in a while waits for the disk, and with it all before it; each of them would take far too long.
    if (sync) this.#db.exec('PRAGMA synchronous = FULL');
    let number: number;
    try {
      number = transaction(
        this.#db,
        () =>
          [before() ?? [], entry]
            .flat()
            .map(each => this.#add(each))
            .at(-1) ?? 0,
      );
    } finally {
      if (sync) this.#db.exec('PRAGMA synchronous = NORMAL');
    }
    this.#follow(() => this.#settle(sync ? number : undefined));
  }

  /** The row is in the log. Where others write without pause, the next one of them brings head and copy up to it. */
  #follow(action: () => void): void {
    try {
      transaction(this.#db, action);
    } catch (error) {
      if (!isLocked(storeError(error, ''))) throw error;
    }
  }

  /** Brings head and copy up to what is committed. `onDisk`: up to which row that is on the disk as of now. */
  #settle(onDisk: number | undefined): void {
    const sure = this.#head.read()?.onDisk ?? { number: 0, time: 0 };
    const now = onDisk === undefined ? sure : { number: Math.max(onDisk, sure.number), time: Date.now() };
    this.#head.write({ ...this.#end(), boot: bootId(), onDisk: now });
    this.#copy?.follow(this.#db);
  }

  #add({ action, actor, subject, details }: AuditEntry): number {
    const last = this.#end();
    const number = last.number + 1;
    const row = { number, time: Date.now(), action, actor, subject, details: canonical(details) };
    this.#insert.run(number, row.time, action, actor, subject, row.details, hashOf(row, last.hash));
    return number;
  }

  #end(): ChainEnd {
    const row = this.#last.get();
    return row ? { number: Number(row.number), hash: String(row.hash) } : { number: 0, hash: noHash };
  }

  /** What is written on top of a log that was cut would hide the cut. */
  #trouble(): AuditEntry | undefined {
    const head = this.#head.read();
    const end = this.#end();
    if (head === undefined && end.number === 0) {
      this.#head.begin(bootId());
      return undefined;
    }
    const { number = 0, hash = noHash } = head ?? {};
    if (head !== undefined && this.#hashAt(number) === hash) return undefined;
    const action = head !== undefined && mayBeLost(head, end.number) ? gapAction : brokenAction;
    const details = { rows: end.number, expectedRows: number, expectedHash: hash };
    return { action, actor: 'handrail', subject: 'audit.db', details };
  }

  #hashAt(number: number): string | undefined {
    if (number === 0) return noHash;
    const row = this.#at.get(number);
    return row && String(row.hash);
  }
}

/** Whether it is time to have rows on the disk; also where the clock was set back. */
function isDue(head: Head | undefined): boolean {
  return Math.abs(Date.now() - (head?.onDisk.time ?? 0)) > syncInterval;
}

/** Milliseconds of which a loss of power takes the rows, at most. */
const syncInterval = 30_000;
