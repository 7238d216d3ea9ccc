/** Escape sequences of terminals (ECMA-48): control sequences, and strings such as titles. */
const escapes = /\u001b(\[[0-?]*[ -/]*[@-~]|[\]P^_X][^\u0007\u001b]*(\u0007|\u001b\\)?|[ -/]*[0-~])/g;
const controls = /[^\P{Cc}\n\t]/gu;

/** What was printed as lines to read: no escape sequences, and of a line that was drawn again only the last state. */
export function plainPrinted(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  if (!/[^\P{Cc}\n\t]/u.test(text)) return text;
  const lines = text.replace(escapes, '').replaceAll(/\r+\n/g, '\n').split('\n');
  return lines.map(line => line.slice(line.lastIndexOf('\r') + 1).replace(controls, '')).join('\n');
}
