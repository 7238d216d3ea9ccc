import * as vscode from 'vscode';
import { contextKeys } from '../../commands/names';
import { Choices } from '../choices';
import type { TreeChoice } from './containerTree';

export type TreeChoices = Choices<TreeChoice>;

const preset: TreeChoice = { grouping: { by: 'project' }, hideStopped: false, filter: '' };

/** What a person chose to see of containers. */
export function treeChoices(memory: vscode.Memento): TreeChoices {
  return new Choices({ memory, key: 'handrail.containers.choice' }, preset, ({ filter, hideStopped }) => {
    void vscode.commands.executeCommand('setContext', contextKeys.containersFiltered, filter !== '');
    void vscode.commands.executeCommand('setContext', contextKeys.stoppedHidden, hideStopped);
  });
}
