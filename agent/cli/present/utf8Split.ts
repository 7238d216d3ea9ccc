import { isUtf8 } from 'node:buffer';

/** Output for JSON: text where it is UTF-8, else the bytes. */
export type Content = { readonly text: string } | { readonly base64: string };

/** Turns the chunks of one stream into {@link Content}; a character that is split over chunks stays whole. */
export interface Utf8Split {
  push(bytes: Uint8Array): Content | undefined;
  /** What was held back for a character that never came to its end. */
  rest(): Content | undefined;
}

export function createUtf8Split(): Utf8Split {
  let held: Uint8Array = new Uint8Array();
  return {
    push(bytes) {
      const all = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      const end = all.length - unfinished(all);
      held = Uint8Array.prototype.slice.call(all, end);
      return end === 0 ? undefined : content(all.subarray(0, end));
    },
    rest() {
      const last = held;
      held = new Uint8Array();
      return last.length === 0 ? undefined : content(last);
    },
  };
}

function content(bytes: Uint8Array): Content {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return isUtf8(buffer) ? { text: buffer.toString('utf8') } : { base64: buffer.toString('base64') };
}

/** How many bytes at the end begin a character that is not complete: 0 to 3 (RFC 3629). */
export function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < lengthOf(byte) ? back : 0;
  }
  return 0;
}

function lengthOf(lead: number): number {
  if (lead >= 0xf0) return lead <= 0xf4 ? 4 : 0;
  return lead >= 0xe0 ? 3 : 2;
}
