import type { SecretStorage } from 'vscode';
import { askSecret } from './askInputs';

const prefix = 'editor:';

/** The secrets that runbooks name as `editor:NAME`: kept by VS Code in the system's key store, never by the agent. */
export class EditorSecrets {
  readonly #storage: SecretStorage;

  constructor(storage: SecretStorage) {
    this.#storage = storage;
  }

  /** The values by name; one that is not there is asked for and kept. Undefined where the person pressed Escape. */
  async values(names: readonly string[], runbook: string): Promise<Record<string, string> | undefined> {
    const values: Record<string, string> = {};
    for (const name of names) {
      const value = (await this.#storage.get(prefix + name)) ?? (await this.ask(name, runbook));
      if (value === undefined) return undefined;
      values[name] = value;
    }
    return values;
  }

  /** Asks for a secret and keeps it; undefined where the person pressed Escape. */
  async ask(name: string, runbook?: string): Promise<string | undefined> {
    const user = runbook === undefined ? '' : `${runbook} · `;
    const value = await askSecret(
      `${user}secret ${name}`,
      'Kept by VS Code in the key store of this system.',
    );
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
