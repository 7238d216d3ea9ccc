import { encodings, type Encoding, isEncoding } from '../escapedForms';
import { decodeName, type HiddenSecrets } from '../hiddenSecrets';
import { toBytes } from './quote';

/**
 * Puts secrets back into what a shell restores, by reference: the values go through the shell's environment, so that
 * no file holds them.
 */
export class SecretReferences {
  readonly #secrets: HiddenSecrets;
  readonly #names = new Map<string, string>();
  readonly #env = new Map<string, string>();

  constructor(secrets: HiddenSecrets) {
    this.#secrets = secrets;
  }

  /** What the shell needs in its environment; to be unset before the cell's own text. */
  get env(): ReadonlyMap<string, string> {
    return this.#env;
  }

  /** Replaces placeholders within quoted words by expansions. `escapes`: `'` knows `\'`, as in fish. */
  inWords(text: string, escapes = false): string {
    if (this.#secrets.namesIn(text).length === 0) return text;
    let quote: Quote = '';
    let done = '';
    const place = new RegExp(this.#secrets.places().source, 'y');
    for (let at = 0; at < text.length;) {
      place.lastIndex = at;
      const found = place.exec(text);
      const [length, next]: Step = found ? [found[0].length, quote] : step(text, at, quote, escapes);
      const variable = found ? this.#variable(decodeName(found[1] ?? ''), found[2]) : undefined;
      done += variable === undefined ? text.slice(at, at + length) : expansions[quote](variable);
      quote = next;
      at += length;
    }
    return done;
  }

  /**
   * Code whose placeholders have to be replaced by the shell itself: the variable that holds each value, as it was
   * written there, by placeholder. Undefined where there is nothing to replace.
   */
  inCode(code: string): ReadonlyMap<string, string> | undefined {
    if (this.#secrets.namesIn(code).length === 0) return undefined;
    const found = new Map<string, string>();
    for (const [place, name = '', encoding = 'r'] of code.matchAll(this.#secrets.places())) {
      const variable = this.#variable(decodeName(name), encoding);
      if (variable !== undefined) found.set(place, variable);
    }
    return found.size > 0 ? found : undefined;
  }

  /** Undefined where the value is not known, or stood where it cannot be put back. */
  #variable(name: string, encoding = 'x'): string | undefined {
    const value = this.#secrets.value(name);
    if (value === undefined || !isEncoding(encoding)) return undefined;
    const key = `${encoding}${name}`;
    const variable = this.#names.get(key) ?? `__handrail_secret_${this.#names.size}`;
    this.#names.set(key, variable);
    this.#env.set(variable, encode(value, encoding));
    return variable;
  }
}

type Step = [length: number, next: Quote];

type Quote = '' | "'" | '"' | "$'";

const expansions: Readonly<Record<Quote, (variable: string) => string>> = {
  '': variable => `"$${variable}"`,
  "'": variable => `'"$${variable}"'`,
  '"': variable => `""$${variable}""`,
  "$'": variable => `'"$${variable}"$'`,
};

/** How many characters stand together here, and the quoting after them. */
function step(text: string, at: number, quote: Quote, escapes: boolean): Step {
  const char = text[at];
  if (char === '\\' && (quote !== "'" || escapes)) return [2, quote];
  if (quote === '' && char === '$' && text[at + 1] === "'" && !escapes) return [2, "$'"];
  if (quote === '' && (char === "'" || char === '"')) return [1, char];
  return [1, quote.endsWith(char ?? '\0') ? '' : quote];
}

/** Encodings are of bytes. */
function encode(value: string, encoding: Encoding): string {
  return Buffer.from(encodings[encoding](toBytes(value)), 'latin1').toString('utf8');
}

/** Evaluates code after its placeholders have been replaced, in sh, bash and zsh. `code`: quoted, one word. */
export function evaluateCode(code: string, replaced: ReadonlyMap<string, string>): string {
  const loops = [...replaced].map(
    ([place, variable]) => `
__handrail_done=
while case $__handrail_text in *${place}*) ;; *) ! : ;; esac; do
__handrail_done=$__handrail_done\${__handrail_text%%${place}*}$${variable}
__handrail_text=\${__handrail_text#*${place}}
done
__handrail_text=$__handrail_done$__handrail_text`,
  );
  return `__handrail_text=${code}${loops.join('')}\neval "$__handrail_text"\nunset __handrail_text __handrail_done\n`;
}
