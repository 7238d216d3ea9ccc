import * as vscode from 'vscode';
import { contextKeys } from '../../commands/names';
import type { TreeChoice } from './containerTree';

const key = 'handrail.containers.choice';
const preset: TreeChoice = { grouping: { by: 'project' }, hideStopped: false, filter: '' };

/** What a person chose to see of containers, kept with the workspace. */
export class TreeChoices implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  #choice: TreeChoice;

  readonly onDidChange = this.#changed.event;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
    this.#choice = { ...preset, ...memory.get<Partial<TreeChoice>>(key) };
    this.#tellMenus();
  }

  get now(): TreeChoice {
    return this.#choice;
  }

  async set(change: Partial<TreeChoice>): Promise<void> {
    this.#choice = { ...this.#choice, ...change };
    this.#tellMenus();
    this.#changed.fire();
    await this.#memory.update(key, this.#choice);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #tellMenus(): void {
    const { filter, hideStopped } = this.#choice;
    void vscode.commands.executeCommand('setContext', contextKeys.containersFiltered, filter !== '');
    void vscode.commands.executeCommand('setContext', contextKeys.stoppedHidden, hideStopped);
  }
}
