import * as vscode from 'vscode';
import type { HealthFeed } from '../agent/healthFeed';
import { unlinked } from '../unlinked';
import { commands, views } from '../commands/names';
import { statusText } from '../views/health/healthWords';

/** Milliseconds within which checks that go down are one word. */
const together = 1000;

/** One item in the status bar for the worst of all checks, and one word when something goes down. */
export class HealthStatus implements vscode.Disposable {
  readonly #feed: HealthFeed;
  readonly #item: vscode.StatusBarItem;
  readonly #subscriptions: vscode.Disposable[];
  /** Checks that went down and nobody was told of. */
  readonly #fallen = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(feed: HealthFeed) {
    this.#feed = feed;
    this.#item = vscode.window.createStatusBarItem('handrail.health', vscode.StatusBarAlignment.Left, -1);
    this.#item.name = 'Handrail Health';
    this.#item.command = `${views.health}.focus`;
    this.#subscriptions = [
      feed.onDidChange(() => this.#show()),
      feed.onDidTurn(({ row, before }) => {
        if (row.state === 'down' && before !== 'held') this.#note(row.id);
      }),
      vscode.window.onDidChangeWindowState(({ focused }) => focused && this.#tellSoon()),
    ];
    this.#show();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#item.dispose();
  }

  #show(): void {
    const { rows, isEnabled, isLive } = this.#feed;
    if (!isEnabled || rows.length === 0) return this.#item.hide();
    this.#item.text = isLive ? statusText(rows) : '$(question) checks are not watched';
    this.#item.tooltip = isLive
      ? 'Health checks of this workspace'
      : 'The agent is away: nothing is looked at.';
    this.#item.accessibilityInformation = {
      label: `Health checks: ${this.#item.text.replace(/\$\([^)]*\)\s*/, '')}`,
    };
    this.#item.show();
  }

  #note(id: string): void {
    this.#fallen.add(id);
    this.#tellSoon();
  }

  /** A window that nobody looks at tells once somebody does, of what is down then. */
  #tellSoon(): void {
    if (this.#fallen.size === 0 || !vscode.window.state.focused) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const ids = [...this.#fallen];
      this.#fallen.clear();
      void this.#notify(ids);
    }, together);
  }

  async #notify(ids: readonly string[]): Promise<void> {
    const rows = ids
      .flatMap(id => this.#feed.row(id) ?? [])
      .filter(({ state, heldBackBy }) => state === 'down' && heldBackBy === undefined);
    const [first] = rows;
    if (first === undefined) return;
    if (rows.length > 1) {
      const names = rows.slice(0, 5).map(({ name }) => name);
      const text = `${String(rows.length)} checks are down: ${names.join(', ')}${rows.length > 5 ? ', …' : ''}`;
      if ((await vscode.window.showWarningMessage(unlinked(text), 'Show')) === 'Show') {
        await vscode.commands.executeCommand(`${views.health}.focus`);
      }
      return;
    }
    const actions = first.runbook === undefined ? ['Open Check'] : ['Open Runbook', 'Open Check'];
    const chosen = await vscode.window.showWarningMessage(
      unlinked(`${first.name} is down: ${first.message}`),
      ...actions,
    );
    if (chosen === undefined) return;
    const command = chosen === 'Open Runbook' ? commands.openCheckRunbook : commands.openCheck;
    await vscode.commands.executeCommand(command, { kind: 'check', id: first.id });
  }
}
