import { type SecretForm, shortestForm } from './secretForms';

/**
 * The forms of all secrets, laid out to be found in bytes (S. Wu and U. Manber, "A fast algorithm for multi-pattern
 * searching", 1994): a window as wide as the shortest form moves over the text; the three bytes at its end tell how
 * far no form can begin.
 */
export interface FormTable {
  /** Bytes of the window. */
  readonly width: number;
  /** By {@link blockHash}: how far the window may move; 0 where a form may begin at its beginning. */
  readonly shifts: Uint8Array;
  /** By {@link startKey}, longest first. */
  readonly byStart: ReadonlyMap<number, readonly SecretForm[]>;
  /**
   * Beginnings of forms that are shorter than the window, as latin1. `true` where it gives so little away that it may
   * be shown to a person who waits: at most three bytes, and a quarter of the form.
   */
  readonly beginnings: ReadonlyMap<string, boolean>;
}

/** Bytes beyond which a wider window gains nothing. */
const widest = 16;

const hashBits = 18;

export function createFormTable(forms: readonly SecretForm[]): FormTable {
  const width = Math.min(widest, ...forms.map(({ bytes }) => bytes.length));
  const shifts = new Uint8Array(1 << hashBits).fill(width - 2);
  const byStart = new Map<number, SecretForm[]>();
  const beginnings = new Map<string, boolean>();
  for (const form of forms) {
    const { bytes } = form;
    for (let end = 2; end < width; end++) {
      const hash = blockHash(bytes, end);
      shifts[hash] = Math.min(shifts[hash]!, width - 1 - end);
    }
    const key = startKey(bytes, 0);
    byStart.set(key, [...(byStart.get(key) ?? []), form]);
    addBeginnings(beginnings, bytes, width);
  }
  for (const same of byStart.values()) same.sort((a, b) => b.bytes.length - a.bytes.length);
  return { width, shifts, byStart, beginnings };
}

/** Of the three bytes that end at `end`. */
export function blockHash(bytes: Uint8Array, end: number): number {
  return ((bytes[end - 2]! << 11) ^ (bytes[end - 1]! << 5) ^ bytes[end]!) & ((1 << hashBits) - 1);
}

/** The first bytes of what begins at `start`, as a number. */
export function startKey(bytes: Uint8Array, start: number): number {
  let key = 0;
  for (let index = 0; index < shortestForm; index++) key = (key << 8) | bytes[start + index]!;
  return key;
}

function addBeginnings(beginnings: Map<string, boolean>, bytes: Buffer, width: number): void {
  const little = Math.min(3, bytes.length >> 2);
  for (let length = 1; length < width; length++) {
    const beginning = bytes.toString('latin1', 0, length);
    beginnings.set(beginning, (beginnings.get(beginning) ?? true) && length <= little);
  }
}
