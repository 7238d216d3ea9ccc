import * as vscode from 'vscode';
import { commands } from '../commands/names';
import type { AgentClient, AgentState } from './agentClient';

/** Milliseconds that connecting may take before it is worth a word. */
const patience = 1000;

/**
 * Says how it stands with the agent, where that needs saying: an item in the status bar while it starts slowly or is
 * gone, and one notification when it went.
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
    this.#subscription = agent.onDidChangeState(state => this.#show(state));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
    this.#item.dispose();
  }

  #show(state: AgentState): void {
    clearTimeout(this.#timer);
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
        this.#timer = setTimeout(() => void this.#notify(state.reason), patience);
        return;
    }
  }

  #say(text: string, tooltip: string): void {
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.backgroundColor =
      this.#agent.state.kind === 'failed'
        ? new vscode.ThemeColor('statusBarItem.errorBackground')
        : undefined;
    this.#item.show();
  }

  async #notify(reason: string): Promise<void> {
    if (this.#told) return;
    this.#told = true;
    const choice = await vscode.window.showErrorMessage(`Handrail has no agent: ${reason}`, ...actions);
    await runAction(choice);
  }
}

const actions = ['Restart Agent', 'Show Log'] as const;

/** Offers what can be done about the agent. */
export async function pickAgentAction(state: AgentState): Promise<void> {
  const title = state.kind === 'failed' ? `Handrail has no agent: ${state.reason}` : 'Handrail agent';
  await runAction(await vscode.window.showQuickPick(actions, { title }));
}

async function runAction(choice: string | undefined): Promise<void> {
  if (choice === 'Restart Agent') await vscode.commands.executeCommand(commands.restartAgent);
  if (choice === 'Show Log') await vscode.commands.executeCommand(commands.showAgentLog);
}
