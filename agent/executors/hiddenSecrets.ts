import { randomBytes } from 'node:crypto';
import { type Encoding, encodingOf, pattern } from './escapedForms';

/** Shorter values are in too many words that have nothing to do with them: they are not hidden. Characters. */
const shortest = 4;

const prefix = '__handrail_secret.';

/**
 * Knows secrets by name and puts placeholders in their place, which are words that no shell has to quote. A number
 * that nobody can guess is in them, so that text from outside cannot ask for a secret.
 */
export class HiddenSecrets {
  readonly #values = new Map<string, string>();
  /** All that it has ever known: interpreters may hold a value that has been replaced since. */
  readonly #ever = new Set<string>();
  #number = randomBytes(6).toString('hex');
  #sought: Sought | undefined;

  /** The number of its placeholders; set where a state with others is taken over. */
  get number(): string {
    return this.#number;
  }

  set number(value: string) {
    this.#number = value;
  }

  /** Whether any value is new. */
  protect(secrets: ReadonlyMap<string, string>): boolean {
    let isNew = false;
    for (const [name, value] of secrets) {
      if (this.#values.get(name) === value) continue;
      this.#values.set(name, value);
      this.#ever.add(value);
      isNew = true;
    }
    if (isNew) this.#sought = seek(this.#values);
    return isNew;
  }

  /** Every value that was one of them at any time. */
  get ever(): ReadonlySet<string> {
    return this.#ever;
  }

  /** Nothing is hidden. */
  get none(): boolean {
    return this.#sought === undefined;
  }

  copy(): HiddenSecrets {
    const copy = new HiddenSecrets();
    copy.number = this.#number;
    copy.protect(this.#values);
    for (const value of this.#ever) copy.#ever.add(value);
    return copy;
  }

  /** Whether text, quoted or not, may hold one of them; no is sure. */
  mayBeIn(text: string): boolean {
    return this.#sought?.cores.some(core => text.includes(core)) === true;
  }

  /** Hides them in shell code or plain text (one character a byte), in whatever quoting they are there. */
  hideBytes(bytes: string): string {
    if (this.#sought === undefined || !this.mayBeIn(bytes)) return bytes;
    const { names, values, escaped } = this.#sought;
    const hide = (found: string, ...groups: unknown[]): string => {
      const index = groups.findIndex(group => group !== undefined);
      return this.#placeholder(names[index] ?? '', encodingOf(found, values[index] ?? ''));
    };
    return this.#outside(bytes, part => part.replace(escaped, hide));
  }

  /** Hides them in plain text. */
  hide(text: string): string {
    if (this.#sought === undefined) return text;
    const { names, plain } = this.#sought;
    let hidden = text;
    plain.forEach((value, index) => {
      const place = this.placeholder(names[index] ?? '');
      if (hidden.includes(value)) hidden = this.#outside(hidden, part => part.replaceAll(value, place));
    });
    return hidden;
  }

  /** Stands for a secret, known or not, in plain text. */
  placeholder(name: string): string {
    return this.#placeholder(name, 'r');
  }

  /** Plain text with the values in place of the placeholders, as far as they are known. */
  reveal(text: string): string {
    if (!text.includes(prefix)) return text;
    return text.replace(this.places(), (place, name: string) => this.value(decodeName(name)) ?? place);
  }

  value(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** Matches its placeholders: name as {@link decodeName} takes it, and the encoding of what stood there. */
  places(): RegExp {
    return new RegExp(`__handrail_secret\\.${this.#number}\\.([\\w%-]+)\\.([a-z])__`, 'g');
  }

  /** Names that a text has placeholders for. */
  namesIn(text: string): string[] {
    if (!text.includes(prefix)) return [];
    return [...text.matchAll(this.places())].map(([, name = '']) => decodeName(name));
  }

  /** Changes what stands between placeholders: a value may be a word that is in them. */
  #outside(text: string, change: (part: string) => string): string {
    if (!text.includes(prefix)) return change(text);
    let done = '';
    let from = 0;
    for (const { 0: place, index } of text.matchAll(this.places())) {
      done += change(text.slice(from, index)) + place;
      from = index + place.length;
    }
    return done + change(text.slice(from));
  }

  #placeholder(name: string, encoding: Encoding | 'x'): string {
    return `${prefix}${this.#number}.${encodeName(name)}.${encoding}__`;
  }
}

interface Sought {
  readonly names: readonly string[];
  /** Values, longest first; and the same as bytes. */
  readonly plain: readonly string[];
  readonly values: readonly string[];
  /** The longest part of each that no quoting changes. */
  readonly cores: readonly string[];
  /** One group a name. */
  readonly escaped: RegExp;
}

function seek(secrets: ReadonlyMap<string, string>): Sought | undefined {
  const long = [...secrets].filter(([, value]) => value.length >= shortest);
  if (long.length === 0) return undefined;
  long.sort(([, a], [, b]) => b.length - a.length);
  const plain = long.map(([, value]) => value);
  const values = plain.map(value => Buffer.from(value).toString('latin1'));
  const escaped = new RegExp(values.map(value => `(${pattern(value)})`).join('|'), 'g');
  const cores = plain.map(core);
  return { names: long.map(([name]) => name), plain, values, cores, escaped };
}

function core(value: string): string {
  const parts = value.match(/\w+/g) ?? [''];
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest));
}

function encodeName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/gu, char => encodeURIComponent(char).replace(/[^%\w]/g, hex));
}

function hex(char: string): string {
  return `%${char.charCodeAt(0).toString(16)}`;
}

/** The name that is in a placeholder. */
export function decodeName(encoded: string): string {
  return decodeURIComponent(encoded);
}
