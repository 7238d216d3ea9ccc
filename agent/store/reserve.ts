import { randomBytes } from 'node:crypto';
import { rmSync, statSync, writeFileSync } from 'node:fs';

/**
 * Space that is kept on the disk of the history, so that on a full disk the end of what is under way can still be
 * recorded. One file for all processes: whoever needs it gives its space back.
 */
export class Reserve {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Sees that it is there. Throws what the file system says: where there is no room for it, there is none for more. */
  hold(): void {
    if (statSync(this.#path, { throwIfNoEntry: false })?.size === bytes) return;
    try {
      // Of random bytes: zeros take no room on some disks.
      writeFileSync(this.#path, randomBytes(bytes), { mode: 0o600 });
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** Gives its space back; false where that had been done. */
  release(): boolean {
    if (statSync(this.#path, { throwIfNoEntry: false }) === undefined) return false;
    rmSync(this.#path, { force: true });
    return true;
  }
}

/** Enough for the ends of a thousand steps, and of their runs. */
const bytes = 256 * 1024;
