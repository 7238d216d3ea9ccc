import type { SecretStorage } from 'vscode';
import { askSecret } from './askInputs';

const prefix = 'editor:';

/** A secret as a runbook calls it, and the name behind its `editor:`. */
export interface SecretPlace {
  readonly name: string;
  readonly place: string;
}

/** The secrets that runbooks name as `editor:NAME`: kept by VS Code in the system's key store, never by the agent. */
export class EditorSecrets {
  readonly #storage: SecretStorage;

  constructor(storage: SecretStorage) {
    this.#storage = storage;
  }

  /** The values of those that are kept, by what the runbook calls them. */
  async kept(secrets: readonly SecretPlace[]): Promise<Record<string, string>> {
    const values: Record<string, string> = {};
    for (const { name, place } of secrets) {
      const value = await this.#storage.get(prefix + place);
      if (value !== undefined) values[name] = value;
    }
    return values;
  }

  /** Keeps what was answered, by what the runbook calls the secrets; gives it back without all else. */
  async keep(
    secrets: readonly SecretPlace[],
    answers: Readonly<Record<string, string>>,
  ): Promise<Record<string, string>> {
    const values: Record<string, string> = {};
    for (const { name, place } of secrets) {
      const value = answers[name];
      if (value === undefined) continue;
      await this.#storage.store(prefix + place, value);
      values[name] = value;
    }
    return values;
  }

  /** Asks for a secret and keeps it; undefined where the person pressed Escape. */
  async ask(name: string): Promise<string | undefined> {
    const value = await askSecret(`Secret ${name}`, 'Goes into the key store of the system.');
    if (value !== undefined) await this.#storage.store(prefix + name, value);
    return value;
  }

  async forget(name: string): Promise<void> {
    await this.#storage.delete(prefix + name);
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
