/** Characters left out of the second copy of a form, which finds the rest where a line breaks early in it. */
const head = 8;

/** Characters that make a form worth looking for without its head. */
const worthwhile = 12;

/**
 * A value in base64, standard and URL-safe (https://www.rfc-editor.org/rfc/rfc4648#section-5): as the whole of what
 * was encoded, with and without a line feed behind it, and as a part of it at each of the three alignments. Of a
 * part only those characters are known that hold no bit of what stands beside it.
 */
export function base64Forms(value: Buffer): Set<string> {
  const whole = [value, Buffer.concat([value, Buffer.from('\n')])].map(bytes => bytes.toString('base64'));
  const parts = [0, 1, 2].map(alignment => innerPart(value, alignment));
  const rests = parts.filter(({ length }) => length >= head + worthwhile).map(part => part.slice(head));
  const standard = [...whole, ...parts, ...rests];
  return new Set([...standard, ...standard.map(urlSafe)]);
}

/** `alignment`: bytes that stand before the value in its group of three. */
function innerPart(value: Buffer, alignment: number): string {
  const encoded = Buffer.concat([Buffer.alloc(alignment), value]).toString('base64');
  const bits = 8 * (alignment + value.length);
  return encoded.slice(Math.ceil((8 * alignment) / 6), Math.floor(bits / 6));
}

function urlSafe(form: string): string {
  return form.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
