import { randomBytes } from 'node:crypto';

/** A sequence that ends a stretch of output: an escape sequence that a terminal ignores, with 128 random bits. */
export function newMarker(): string {
  return `\x1b]777;handrail;${randomBytes(16).toString('hex')}\x07`;
}

/** Finds a marker in a stream, over chunk borders. */
export interface MarkerScanner {
  /** Returns what can be handed on, without the marker; what comes after it is dropped. */
  scan(bytes: Uint8Array): Uint8Array;
  readonly found: boolean;
  /** What is held back because it is the beginning of a marker, when no more will come. */
  rest(): Uint8Array;
}

/** Makes a scanner for one marker. Holds back only what may become the marker. */
export function scanFor(marker: string): MarkerScanner {
  const wanted = Buffer.from(marker, 'latin1');
  let held: Buffer = Buffer.alloc(0);
  let found = false;
  return {
    get found() {
      return found;
    },
    scan(bytes) {
      if (found) return new Uint8Array(0);
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const all = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const at = all.indexOf(wanted);
      found = at >= 0;
      const end = found ? at : all.length - overlap(all, wanted);
      held = found ? Buffer.alloc(0) : Buffer.from(all.subarray(end));
      return all.subarray(0, end);
    },
    rest() {
      const last = held;
      held = Buffer.alloc(0);
      return last;
    },
  };
}

/** How many bytes at the end of `all` are the beginning of `wanted`. */
function overlap(all: Buffer, wanted: Buffer): number {
  const first = wanted[0] ?? 0;
  let at = all.indexOf(first, Math.max(0, all.length - wanted.length + 1));
  while (at >= 0) {
    if (wanted.subarray(0, all.length - at).equals(all.subarray(at))) return all.length - at;
    at = all.indexOf(first, at + 1);
  }
  return 0;
}
