import { isPlain, plainText, terminalText } from './terminalText';

/** The end of a step's output, as the store gives it. */
export type ReadTail = (maxBytes: number) => { bytes: Uint8Array; cut: boolean };

/** Escape codes and overdrawn lines take room that the text does not; more than this is not looked at. */
const longestLookBack = 256 * 1024;

/** The last `maxBytes` (at most 256 KiB) of output as a person would read it; `cut`: there was more before. */
export async function readableEnd(
  readTail: ReadTail,
  maxBytes: number,
): Promise<{ text: string; cut: boolean }> {
  const wanted = Math.min(maxBytes, longestLookBack);
  const tail = readTail(Math.min(4 * wanted, longestLookBack));
  const raw = new TextDecoder().decode(tail.cut ? afterFirstLine(tail.bytes) : tail.bytes);
  const text = isPlain(raw) ? plainText(raw) : await terminalText(raw);
  const end = lastBytes(text, wanted);
  return { text: end, cut: tail.cut || end.length < text.length };
}

/** A cut goes through the middle of a line, a character, perhaps an escape code: begin with a whole line. */
function afterFirstLine(bytes: Uint8Array): Uint8Array {
  const end = bytes.subarray(0, 4096).indexOf(10);
  if (end >= 0) return bytes.subarray(end + 1);
  // A line without end: at least no half character (UTF-8: continuation bytes are 10xxxxxx).
  const first = bytes.findIndex(byte => (byte & 0xc0) !== 0x80);
  return bytes.subarray(Math.max(0, first));
}

function lastBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  return new TextDecoder().decode(afterFirstLine(bytes.subarray(bytes.length - maxBytes)));
}
