/** What stands under which key, looked through once for each map: a long one is asked for all of its keys. */
export class KeyIndex<M extends object, V> {
  readonly #known = new WeakMap<M, ReadonlyMap<string, V>>();
  readonly #read: (map: M) => ReadonlyMap<string, V>;

  constructor(read: (map: M) => ReadonlyMap<string, V>) {
    this.#read = read;
  }

  find(map: M, key: string): V | undefined {
    const known = this.#known.get(map) ?? this.#read(map);
    this.#known.set(map, known);
    return known.get(key);
  }
}
