import * as vscode from 'vscode';
import { contextKeys } from '../commands/names';
import { Choices } from '../views/choices';

/** What the person of this workspace wants of its checks. */
export interface HealthChoice {
  /** Whether they are looked at. */
  readonly enabled: boolean;
  /** Marks of the commands that may be run for them. */
  readonly allowed: readonly string[];
}
export type HealthChoices = Choices<HealthChoice>;

export function healthChoices(memory: vscode.Memento): HealthChoices {
  const preset: HealthChoice = { enabled: false, allowed: [] };
  return new Choices({ memory, key: 'handrail.health.choice' }, preset, ({ enabled }) => {
    void vscode.commands.executeCommand('setContext', contextKeys.checksEnabled, enabled);
  });
}
