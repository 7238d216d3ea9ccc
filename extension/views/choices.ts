import type * as vscode from 'vscode';
import { EventEmitter } from 'vscode';

/** What a person chose to see of a view, kept with the workspace. */
export class Choices<T extends object> implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #key: string;
  readonly #tellMenus: (choice: T) => void;
  readonly #changed = new EventEmitter<void>();
  #choice: T;

  readonly onDidChange = this.#changed.event;

  /** `preset`: where nothing was chosen yet. `tellMenus`: sets the context keys that menus ask for. */
  constructor(
    { memory, key }: { memory: vscode.Memento; key: string },
    preset: T,
    tellMenus: (choice: T) => void,
  ) {
    this.#memory = memory;
    this.#key = key;
    this.#tellMenus = tellMenus;
    this.#choice = { ...preset, ...memory.get<Partial<T>>(key) };
    tellMenus(this.#choice);
  }

  get now(): T {
    return this.#choice;
  }

  async set(change: Partial<T>): Promise<void> {
    this.#choice = { ...this.#choice, ...change };
    this.#tellMenus(this.#choice);
    this.#changed.fire();
    await this.#memory.update(this.#key, this.#choice);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
