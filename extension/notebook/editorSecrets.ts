import type { SecretStorage } from 'vscode';

const prefix = 'editor:';

/** A secret as a runbook calls it, and the name behind its `editor:`. */
export interface SecretPlace {
  readonly name: string;
  readonly place: string;
}

/** The secrets that runbooks name as `editor:NAME`: kept by VS Code in the system's key store, never by the agent. */
export class EditorSecrets {
  readonly #storage: Pick<SecretStorage, 'get' | 'store' | 'delete' | 'keys'>;

  constructor(storage: Pick<SecretStorage, 'get' | 'store' | 'delete' | 'keys'>) {
    this.#storage = storage;
  }

  /** The values of those that are kept, by the names behind `editor:`. */
  async kept(places: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const values = new Map<string, string>();
    for (const place of places) {
      const value = await this.#storage.get(prefix + place);
      if (value !== undefined) values.set(place, value);
    }
    return values;
  }

  /** Keeps a value, in the place of an earlier one. */
  async keep(place: string, value: string): Promise<void> {
    await this.#storage.store(prefix + place, value);
  }

  async forget(place: string): Promise<void> {
    await this.#storage.delete(prefix + place);
  }

  /** The names of those that are kept. */
  async names(): Promise<string[]> {
    const keys = await this.#storage.keys();
    return keys
      .filter(key => key.startsWith(prefix))
      .map(key => key.slice(prefix.length))
      .sort();
  }
}
