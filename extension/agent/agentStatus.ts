import * as vscode from 'vscode';
import { commands, contextKeys } from '../commands/names';
import type { AgentClient, AgentState } from './agentClient';
import { pick } from '../quickInput';

/** Milliseconds that connecting may take before it is worth a word. */
const patience = 1000;

/**
 * Says how it stands with the agent, where that needs saying: an item in the status bar while it starts slowly or is
 * gone or hangs, and one notification when that began.
 */
export class AgentStatus implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #agent: AgentClient;
  readonly #subscription: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;
  #told = false;

  constructor(agent: AgentClient) {
    this.#agent = agent;
    this.#item = vscode.window.createStatusBarItem('handrail.agent', vscode.StatusBarAlignment.Left);
    this.#item.name = 'Handrail Agent';
    this.#item.command = commands.agentActions;
    this.#tellViews(agent.state);
    this.#subscription = agent.onDidChangeState(state => this.#show(state));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
    this.#item.dispose();
  }

  #show(state: AgentState): void {
    clearTimeout(this.#timer);
    this.#tellViews(state);
    switch (state.kind) {
      case 'off':
        return this.#item.hide();
      case 'connected':
        this.#told = false;
        return this.#item.hide();
      case 'connecting':
        this.#timer = setTimeout(
          () => this.#say('$(loading~spin) Handrail: starting the agent', ''),
          patience,
        );
        return;
      case 'failed':
        // One that is back at once needs no notification.
        this.#say('$(error) Handrail: no agent', state.reason);
        this.#timer = setTimeout(() => void this.#notify(`Handrail has no agent: ${state.reason}`), patience);
        return;
      case 'silent':
        this.#say('$(warning) Handrail: the agent does not answer', `pid ${String(state.pid)}`);
        this.#timer = setTimeout(() => void this.#notify(silence), patience);
        return;
    }
  }

  /** For what the views say while they are empty. */
  #tellViews({ kind }: AgentState): void {
    void vscode.commands.executeCommand('setContext', contextKeys.agent, kind);
  }

  #say(text: string, tooltip: string): void {
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    const colour = backgrounds[this.#agent.state.kind];
    this.#item.backgroundColor = colour === undefined ? undefined : new vscode.ThemeColor(colour);
    this.#item.show();
  }

  async #notify(text: string): Promise<void> {
    if (this.#told) return;
    this.#told = true;
    const choice = await vscode.window.showErrorMessage(text, ...actions);
    await runAction(choice);
  }
}

const silence = 'The Handrail agent does not answer. Restart Agent ends it, and what it runs.';

const backgrounds: Readonly<Partial<Record<AgentState['kind'], string>>> = {
  failed: 'statusBarItem.errorBackground',
  silent: 'statusBarItem.warningBackground',
};

const actions = ['Restart Agent', 'Show Log'] as const;

/** Offers what can be done about the agent. */
export async function pickAgentAction(state: AgentState): Promise<void> {
  const title = state.kind === 'failed' ? `Handrail has no agent: ${state.reason}` : 'Handrail agent';
  const choices = actions.map(label => ({ label }));
  await runAction((await pick(choices, { title }))?.label);
}

async function runAction(choice: string | undefined): Promise<void> {
  if (choice === 'Restart Agent') await vscode.commands.executeCommand(commands.restartAgent);
  if (choice === 'Show Log') await vscode.commands.executeCommand(commands.showAgentLog);
}
