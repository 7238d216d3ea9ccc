import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';

/** Where the chain ends. */
export interface Head {
  readonly number: number;
  readonly hash: string;
}

/**
 * The end of the chain in a small file of its own, so that it is noticed when the last rows are taken out of the
 * database. It never goes back: of two processes that write at the same moment the further one wins.
 */
export class AuditHead {
  readonly #fd: number;

  constructor(path: string) {
    this.#fd = openHead(path);
  }

  move(head: Head): void {
    if ((this.read()?.number ?? 0) >= head.number) return;
    this.#write(head);
  }

  /** Begins anew, with a chain of which nothing is written yet. */
  reset(): void {
    this.#write({ number: 0, hash: ''.padEnd(hashLength) });
  }

  read(): Head | undefined {
    const bytes = Buffer.alloc(length);
    return parse(bytes.toString('latin1', 0, readSync(this.#fd, bytes, 0, length, 0)));
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Always as long, in place: a full disk cannot keep it from being written. */
  #write({ number, hash }: Head): void {
    writeSync(this.#fd, `${String(number).padStart(numberLength)} ${hash}\n`, 0, 'latin1');
  }
}

/** Where it cannot be written it can still be compared. */
function openHead(path: string): number {
  try {
    return openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EROFS' && code !== 'EACCES') throw error;
    return openSync(path, constants.O_RDONLY);
  }
}

const numberLength = 16;
const hashLength = 64;
const length = numberLength + 1 + hashLength + 1;

function parse(text: string): Head | undefined {
  const number = Number(text.slice(0, numberLength));
  const hash = text.slice(numberLength + 1, length - 1).trim();
  return text.length >= length && Number.isSafeInteger(number) ? { number, hash } : undefined;
}
