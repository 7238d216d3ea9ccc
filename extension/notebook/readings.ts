type Outcome<Value> = { readonly value: Value } | { readonly error: unknown };

interface Reading<Value> {
  readonly state: readonly unknown[];
  readonly outcome: Outcome<Value>;
}

/** What was read of each document, or why it could not be, kept until the document's state is another. */
export class Readings<Document extends object, Value> {
  readonly #stateOf: (document: Document) => readonly unknown[];
  readonly #read: (document: Document) => Value;
  readonly #known = new WeakMap<Document, Reading<Value>>();

  /** Two states are the same where each of their parts is. */
  constructor(stateOf: (document: Document) => readonly unknown[], read: (document: Document) => Value) {
    this.#stateOf = stateOf;
    this.#read = read;
  }

  /** Of the document as it stands. Throws what reading throws; without reading again where nothing changed. */
  now(document: Document): Value {
    const { outcome } = this.#current(document);
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  /** Of whichever state was read last, so that only the first call reads; undefined where that failed. */
  last(document: Document): Value | undefined {
    const { outcome } = this.#known.get(document) ?? this.#current(document);
    return 'error' in outcome ? undefined : outcome.value;
  }

  /** Has {@link last} speak of the document as it stands. */
  refresh(document: Document): void {
    this.#current(document);
  }

  #current(document: Document): Reading<Value> {
    const state = this.#stateOf(document);
    const known = this.#known.get(document);
    if (known !== undefined && isSame(known.state, state)) return known;
    const reading = { state, outcome: this.#attempt(document) };
    this.#known.set(document, reading);
    return reading;
  }

  #attempt(document: Document): Outcome<Value> {
    try {
      return { value: this.#read(document) };
    } catch (error) {
      return { error };
    }
  }
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}
