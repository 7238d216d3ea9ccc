import { HandrailError } from '../protocol/errors';

/** Why the store cannot be used; `details.reason` of a HandrailError `store`. */
export type StoreReason =
  'full' | 'read-only' | 'no-access' | 'locked' | 'corrupt' | 'newer' | 'no-folder' | 'io';

/**
 * Words what SQLite or the file system said. Anything else is a bug and comes back as it is.
 * Codes: https://www.sqlite.org/rescode.html
 */
export function storeError(error: unknown, path: string): unknown {
  if (error instanceof HandrailError) return error;
  const reason = reasonOf(error);
  if (!reason) return error;
  const { what, hint } = wording[reason];
  return new HandrailError('store', `${what}: ${path}. ${hint}`, { reason, path, hint }, { cause: error });
}

/** Runs `action` and throws what {@link storeError} makes of its failure. */
export function withStoreErrors<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw storeError(error, path);
  }
}

/** Whether a database was found to be damaged. */
export function isCorrupt(error: unknown): boolean {
  return error instanceof HandrailError && error.details.reason === 'corrupt';
}

/** Whether another process was in the way for too long. */
export function isLocked(error: unknown): boolean {
  return error instanceof HandrailError && error.details.reason === 'locked';
}

/** Whether there is no room left. */
export function isFull(error: unknown): boolean {
  return error instanceof HandrailError && error.details.reason === 'full';
}

/** Whether something could not be written because nothing can be. */
export function isReadOnly(error: unknown): boolean {
  return error instanceof HandrailError && error.details.reason === 'read-only';
}

const wording: Readonly<Record<StoreReason, { what: string; hint: string }>> = {
  full: { what: 'No space is left for the history', hint: 'Free some space on that disk.' },
  'read-only': {
    what: 'The history cannot be written, it is read-only',
    hint: 'Make it writable, or move it with HANDRAIL_HOME.',
  },
  'no-access': {
    what: 'The history cannot be opened, access is denied',
    hint: 'Check owner and mode, or move it with HANDRAIL_HOME.',
  },
  locked: {
    what: 'The history is locked by another process',
    hint: 'End that process, or try again in a while.',
  },
  corrupt: {
    what: 'The history database is damaged',
    hint: 'It is set aside at the next start, and a new one is begun.',
  },
  newer: {
    what: 'The history was written by a newer Handrail',
    hint: 'Update this one, or move it with HANDRAIL_HOME.',
  },
  'no-folder': {
    what: 'The folder of the history cannot be made',
    hint: 'A part of this path is a file, or cannot hold folders: move the history with HANDRAIL_HOME.',
  },
  io: { what: 'The history cannot be read or written', hint: 'Check the disk and the folder.' },
};

const sqliteReasons: Readonly<Record<number, StoreReason>> = {
  3: 'no-access',
  5: 'locked',
  6: 'locked',
  8: 'read-only',
  10: 'io',
  11: 'corrupt',
  13: 'full',
  14: 'no-access',
  26: 'corrupt',
};

/** SQLITE_IOERR_SHMSIZE: the index of the log, which every reader needs, found no room on the disk. */
const noRoomForIndex = 4874;

const fileReasons: Readonly<Record<string, StoreReason>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EROFS: 'read-only',
  EACCES: 'no-access',
  EPERM: 'no-access',
  ENOTDIR: 'no-folder',
  EEXIST: 'no-folder',
  EIO: 'io',
  EMFILE: 'io',
  ENFILE: 'io',
  ENOENT: 'no-folder',
};

function reasonOf(error: unknown): StoreReason | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, errcode } = error as Error & { code?: unknown; errcode?: unknown };
  // The low byte is the primary code; the rest tells where it came from.
  if (code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number')
    return errcode === noRoomForIndex ? 'full' : sqliteReasons[errcode & 0xff];
  return typeof code === 'string' ? fileReasons[code] : undefined;
}

/** A database written by a newer version, as an error. */
export function newerError(path: string, found: number, known: number): HandrailError {
  const { what, hint } = wording.newer;
  return new HandrailError('store', `${what}: ${path}. ${hint}`, {
    reason: 'newer',
    path,
    hint,
    found,
    known,
  });
}
