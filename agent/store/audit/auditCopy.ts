import { closeSync, openSync, writeSync } from 'node:fs';
import type { AuditRow } from '../types';

/** Copies each row, as it is written, to a file of JSON lines: only a copy elsewhere is evidence. */
export class AuditCopy {
  readonly #path: string;
  readonly #notice: (text: string) => void;
  #fd: number | undefined;

  /** @param notice told when the copy cannot be written; the rows are in the log all the same */
  constructor(path: string, notice: (text: string) => void) {
    this.#path = path;
    this.#notice = notice;
    // Opened at once: whoever asked for a copy shall hear before the first entry that there will be none.
    this.#attempt(() => this.#file());
  }

  write(row: AuditRow): void {
    this.#attempt(() => writeWhole(this.#file(), `${JSON.stringify(row)}\n`));
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #file(): number {
    return (this.#fd ??= openSync(this.#path, 'a', 0o600));
  }

  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error;
      this.#notice(
        `The copy of the audit log cannot be written: ${error.message}. Entries are in the log itself.`,
      );
    }
  }
}

function writeWhole(fd: number, text: string): void {
  for (let rest = Buffer.from(text); rest.length > 0;) rest = rest.subarray(writeSync(fd, rest));
}
