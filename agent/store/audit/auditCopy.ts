import { closeSync, constants, openSync, writeSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { auditRowOf, chainedRowOf } from './auditRow';
import { readLastLines } from './readLastLines';

/**
 * Copies the rows to a file of JSON lines: only a copy elsewhere is evidence. The database holds up to which row a
 * file has them, and the file itself counts for more, so that it has every row once and in order, whoever is killed
 * at whatever moment.
 */
export class AuditCopy {
  readonly #path: string;
  readonly #notice: (text: string) => void;
  #fd: number | undefined;
  /** Whether it is known up to which row the file has them. */
  #isKnown = false;

  /** @param notice told when the copy cannot be written; the rows are in the log all the same */
  constructor(path: string, notice: (text: string) => void) {
    this.#path = path;
    this.#notice = notice;
    // Opened at once: whoever asked for a copy shall hear before the first entry that there will be none.
    this.#attempt(() => this.#file());
  }

  /** Copies what is not there yet, oldest first. Under the write lock of the database. */
  follow(db: DatabaseSync): void {
    this.#attempt(() => this.#copy(db));
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    this.#isKnown = false;
  }

  #copy(db: DatabaseSync): void {
    const file = this.#file();
    const mark = Number(db.prepare('SELECT number FROM copied WHERE path = ?').get(this.#path)?.number ?? 0);
    const from = this.#isKnown ? mark : (this.#lastThere(db, file) ?? mark);
    const rows = db.prepare('SELECT * FROM audit WHERE number > ? ORDER BY number LIMIT ?').all(from, atOnce);
    for (const row of rows) writeWhole(file, `${JSON.stringify(auditRowOf(chainedRowOf(row)))}\n`);
    const last = Number(rows.at(-1)?.number ?? from);
    if (last !== mark) db.prepare('INSERT OR REPLACE INTO copied VALUES (?, ?)').run(this.#path, last);
    this.#isKnown = true;
  }

  /** The last row in the file; undefined where it has none of this log, as one that was rotated. */
  #lastThere(db: DatabaseSync, file: number): number | undefined {
    const { lines, isCut } = readLastLines(this.#path);
    // A process was killed in the middle of a line.
    if (isCut) writeWhole(file, '\n');
    for (const line of lines.toReversed()) {
      const row = rowOf(line);
      const found =
        row && db.prepare('SELECT 1 FROM audit WHERE number = ? AND hash = ?').get(row.number, row.hash);
      if (row && found) return row.number;
    }
    return undefined;
  }

  /** Not waiting: a pipe may have nobody who reads it. */
  #file(): number {
    const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK = 0 } = constants;
    return (this.#fd ??= openSync(this.#path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o600));
  }

  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error;
      this.close();
      this.#notice(
        `The copy of the audit log cannot be written: ${error.message}. Entries are in the log itself, and are copied once it can be.`,
      );
    }
  }
}

/** Rows that one entry copies at most, where many are missing; the next one goes on. */
const atOnce = 1000;

function rowOf(line: string): { number: number; hash: string } | undefined {
  const match = /"number":(\d+),.*"hash":"([0-9a-f]{64})"\}$/.exec(line);
  return match ? { number: Number(match[1]), hash: match[2] ?? '' } : undefined;
}

function writeWhole(fd: number, text: string): void {
  for (let rest = Buffer.from(text); rest.length > 0;) rest = rest.subarray(writeSync(fd, rest));
}
