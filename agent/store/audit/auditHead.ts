import { closeSync, constants, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { noHash } from './auditRow';

/** A row of the chain. */
export interface ChainEnd {
  readonly number: number;
  readonly hash: string;
}

/** Where the chain ends. */
export interface Head extends ChainEnd {
  /** The start of the system in which that was written; empty where that is not known. */
  readonly boot: string;
  /** The last row that was surely on the disk itself, not only handed to the system, and when that was so. */
  readonly onDisk: { readonly number: number; readonly time: number };
}

/**
 * The end of the chain in a small file of its own, so that it is noticed when the last rows are taken out of the
 * database. Written by whoever has the write lock of the database, and by nobody else.
 */
export class AuditHead {
  readonly #fd: number;

  constructor(path: string) {
    this.#fd = openHead(path);
  }

  /** Begins with a chain of which nothing is written yet; on the disk, so that no row can be there without it. */
  begin(boot: string): void {
    this.write({ number: 0, hash: noHash, boot, onDisk: { number: 0, time: 0 } });
    fsyncSync(this.#fd);
  }

  /** Always as long, in place: a full disk cannot keep it from being written. */
  write({ number, hash, boot, onDisk }: Head): void {
    const sure = `${String(onDisk.number).padStart(numberLength)} ${String(onDisk.time).padStart(numberLength)}`;
    const text = `${String(number).padStart(numberLength)} ${hash.padEnd(hashLength)}\n${boot.padEnd(bootLength)} ${sure}\n`;
    writeSync(this.#fd, text, 0, 'latin1');
  }

  read(): Head | undefined {
    const bytes = Buffer.alloc(256);
    return parse(bytes.toString('latin1', 0, readSync(this.#fd, bytes, 0, bytes.length, 0)));
  }

  close(): void {
    closeSync(this.#fd);
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
const bootLength = 8;

/** The second line is not there where an older version wrote it. */
function parse(text: string): Head | undefined {
  const [end = '', place = ''] = text.split('\n');
  const number = Number(end.slice(0, numberLength));
  if (end.length < numberLength + 1 + hashLength || !Number.isSafeInteger(number)) return undefined;
  const [sure = 0, time = 0] = place.slice(bootLength).trim().split(/ +/).map(Number);
  return {
    number,
    hash: end.slice(numberLength + 1).trim(),
    boot: place.slice(0, bootLength).trim(),
    onDisk: { number: sure, time },
  };
}
