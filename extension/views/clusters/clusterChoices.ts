import * as vscode from 'vscode';
import { contextKeys } from '../../commands/names';
import type { ClusterChoice } from './clusterModel';

const key = 'handrail.clusters.choice';
const preset: ClusterChoice = { filter: '', favourites: {}, named: {} };

/** What a person chose to see of clusters, kept with the workspace. */
export class ClusterChoices implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  #choice: ClusterChoice;

  readonly onDidChange = this.#changed.event;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
    this.#choice = { ...preset, ...memory.get<Partial<ClusterChoice>>(key) };
    this.#tellMenus();
  }

  get now(): ClusterChoice {
    return this.#choice;
  }

  async set(change: Partial<ClusterChoice>): Promise<void> {
    this.#choice = { ...this.#choice, ...change };
    this.#tellMenus();
    this.#changed.fire();
    await this.#memory.update(key, this.#choice);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #tellMenus(): void {
    const isFiltered = this.#choice.filter !== '';
    void vscode.commands.executeCommand('setContext', contextKeys.clustersFiltered, isFiltered);
  }
}
