import * as vscode from 'vscode';
import { contextKeys } from '../../commands/names';
import { Choices } from '../choices';
import type { ClusterChoice } from './clusterModel';

export type ClusterChoices = Choices<ClusterChoice>;

const preset: ClusterChoice = { filter: '', favourites: {}, named: {} };

/** What a person chose to see of clusters. */
export function clusterChoices(memory: vscode.Memento): ClusterChoices {
  return new Choices({ memory, key: 'handrail.clusters.choice' }, preset, ({ filter }) => {
    void vscode.commands.executeCommand('setContext', contextKeys.clustersFiltered, filter !== '');
  });
}
