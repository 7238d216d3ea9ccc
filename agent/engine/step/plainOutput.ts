/**
 * What a person would read of the end of an output, as far as it can be told without a terminal: no escape codes, of
 * lines that were drawn over only the last, no control characters. Cheap; good enough to be searched.
 */
export function plainOutput(bytes: Uint8Array, maxBytes: number): string {
  const end = bytes.subarray(Math.max(0, bytes.length - maxBytes));
  const text = new TextDecoder().decode(end);
  if (!controls.test(text)) return text;
  return text.replace(escapes, '').replaceAll('\r\n', '\n').replace(overdrawn, '').replace(allControls, '');
}

/** Control sequences, operating system commands and the like: ECMA-48 5.3 and 5.4. */
const escapes = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]/g;
const overdrawn = /[^\n\r]*\r(?=[^\n\r])/g;
const controls = /[\x00-\x08\x0b-\x1f\x7f]/;
const allControls = /[\x00-\x08\x0b-\x1f\x7f]/g;
