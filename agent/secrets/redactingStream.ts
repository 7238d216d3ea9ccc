import { findForms } from './forms/findForms';
import type { FormTable } from './forms/formTable';
import type { RedactingStream } from './types';

/** What stands where a secret stood. */
export const maskText = '•••';

const maskBytes = Buffer.from(maskText);
const nothing = Buffer.alloc(0);

/** `table`: the forms known at present; undefined while there are none. */
export function createRedactingStream(table: () => FormTable | undefined): RedactingStream {
  /** What may become a secret. */
  let held: Buffer = nothing;
  /** So much of its beginning has been passed on, as it is or masked. */
  let passed = 0;
  /** So much of its beginning is behind a mask. */
  let masked = 0;

  const pass = (bytes: Uint8Array, isEnd: boolean): Uint8Array => {
    const forms = table();
    if (forms === undefined && held.length === 0) return bytes;
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const text = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const parts: Buffer[] = [];
    let isSame = text === chunk;
    const found = (start: number, end: number): void => {
      isSame = false;
      if (start >= masked) {
        if (start > passed) parts.push(text.subarray(passed, start));
        parts.push(maskBytes);
      }
      masked = Math.max(masked, end);
      passed = Math.max(passed, masked);
    };
    const hold = forms === undefined ? text.length : findForms(text, forms, isEnd, found);
    if (hold > passed) parts.push(text.subarray(passed, hold));
    held = hold === text.length ? nothing : Buffer.from(text.subarray(hold));
    passed = Math.max(0, passed - hold);
    masked = Math.max(0, masked - hold);
    if (isSame && passed === 0 && held.length === 0) return bytes;
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  };

  return {
    write: bytes => pass(bytes, false),
    flush() {
      if (held.length <= passed || table()?.beginnings.get(held.toString('latin1')) !== true) return nothing;
      const shown = held.subarray(passed);
      passed = held.length;
      return shown;
    },
    end: () => pass(nothing, true),
  };
}
