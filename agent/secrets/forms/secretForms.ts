import { base64Forms } from './base64Forms';
import { escapedForms } from './escapedForms';
import { shellForms } from './shellForms';
import { urlForms } from './urlForms';

/** One way in which a secret may be printed. */
export interface SecretForm {
  /** At least {@link shortestForm} of them. */
  readonly bytes: Buffer;
  /** Whether a line may break anywhere in it, as `base64` breaks its lines. */
  readonly breaks: boolean;
}

/** Bytes. Anything shorter stands by chance in every output. */
export const shortestForm = 4;

/** Characters of a line of a secret that is looked for by itself: a terminal turns each `\n` into `\r\n`. */
const shortestLine = 8;

/**
 * Every form of a value that is looked for. White space around it is left out: whoever prints it drops it or not.
 * Empty for a value that is too short.
 */
export function secretForms(value: string): SecretForm[] {
  // By way of bytes: half a surrogate pair cannot be percent-encoded, and is never printed as such.
  const text = Buffer.from(value).toString().trim();
  const texts = new Set([text, ...urlForms(text), ...escapedForms(text), ...shellForms(text)]);
  for (const form of [...texts]) {
    if (!form.includes('\n')) continue;
    texts.add(form.replaceAll(/\r?\n/g, '\r\n'));
    for (const line of linesOf(form)) texts.add(line);
  }
  const forms = new Map<string, boolean>();
  for (const form of base64Forms(Buffer.from(text))) forms.set(form, true);
  for (const form of texts) forms.set(form, forms.get(form) ?? false);
  return [...forms]
    .map(([form, breaks]) => ({ bytes: Buffer.from(form), breaks }))
    .filter(({ bytes }) => bytes.length >= shortestForm);
}

function linesOf(form: string): string[] {
  return form
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => [...line.slice(0, 2 * shortestLine)].length >= shortestLine);
}
