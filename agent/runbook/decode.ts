/**
 * Text of a file, losing nothing: a byte order mark stays as U+FEFF, and each byte that is no UTF-8 becomes the
 * lone surrogate U+DC00 + byte (as Python's `surrogateescape` does, PEP 383).
 */
export function decodeSource(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return decodeDamaged(bytes);
  }
}

/** The bytes of a text; the inverse of {@link decodeSource}. Other lone surrogates become U+FFFD. */
export function encodeSource(text: string): Uint8Array {
  const encoder = new TextEncoder();
  if (!hasEscapedBytes(text)) return encoder.encode(text);
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const match of text.matchAll(escapedBytes)) {
    parts.push(encoder.encode(text.slice(from, match.index)));
    parts.push(Uint8Array.from(match[0], unit => unit.charCodeAt(0) - 0xdc00));
    from = match.index + match[0].length;
  }
  parts.push(encoder.encode(text.slice(from)));
  return join(parts);
}

/** Whether the text stands for bytes that are no UTF-8. */
export function hasEscapedBytes(text: string): boolean {
  return findEscapedByte(text) >= 0;
}

/** Offset of the first one that stands for a byte that is no UTF-8; -1 where there is none. */
export function findEscapedByte(text: string): number {
  return text.search(escapedBytes);
}

// With the `u` flag halves of a pair do not match, so this finds lone ones only.
const escapedBytes = /[\uDC80-\uDCFF]+/gu;

function decodeDamaged(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const parts: string[] = [];
  let from = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    if (at > from) parts.push(decoder.decode(bytes.subarray(from, at)));
    parts.push(String.fromCharCode(0xdc00 + (bytes[at] ?? 0)));
    from = ++at;
  }
  parts.push(decoder.decode(bytes.subarray(from)));
  return parts.join('');
}

/** Length of the well-formed UTF-8 sequence at an index, 0 if there is none (Unicode 16, table 3-7). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const second = bytes[at + 1] ?? 0;
  if (first >= 0xc2 && first <= 0xdf) return isTail(second) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const low = first === 0xe0 ? 0xa0 : 0x80;
    const high = first === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high && isTail(bytes[at + 2]) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const low = first === 0xf0 ? 0x90 : 0x80;
    const high = first === 0xf4 ? 0x8f : 0xbf;
    return second >= low && second <= high && isTail(bytes[at + 2]) && isTail(bytes[at + 3]) ? 4 : 0;
  }
  return 0;
}

function isTail(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte <= 0xbf;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
