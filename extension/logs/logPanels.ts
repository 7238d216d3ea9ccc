import * as vscode from 'vscode';
import type { AgentClient } from '../agent/agentClient';
import { AgentLogs } from '../agent/agentLogs';
import { errorText } from '../agent/errorText';
import { unlinked } from '../unlinked';
import { LogPanel, type ShownLog } from './logPanel';

/** The pages with logs of this window. */
export class LogPanels implements vscode.Disposable {
  readonly #logs: AgentLogs;
  readonly #dist: vscode.Uri;
  readonly #panels = new Map<string, LogPanel>();
  readonly #subscriptions: vscode.Disposable[];

  /** `dist`: folder of our bundles. */
  constructor(agent: AgentClient, dist: vscode.Uri) {
    this.#dist = dist;
    this.#logs = new AgentLogs(agent);
    this.#subscriptions = [
      this.#logs,
      agent.onDidLose(() => this.#each(panel => panel.lost())),
      agent.onDidConnect(() => this.#each(panel => void panel.resume())),
    ];
  }

  /** Shows a log, in the page that it has already where there is one. */
  show(shown: ShownLog): void {
    const { key } = shown;
    const known = this.#panels.get(key);
    if (known !== undefined) return known.reveal();
    const save = (): Promise<void> => this.#save(shown);
    const panel = new LogPanel(shown, { logs: this.#logs, dist: this.#dist, save });
    this.#panels.set(key, panel);
    panel.onDidDispose(() => {
      this.#panels.delete(key);
      panel.dispose();
    });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#each(panel => panel.dispose());
  }

  #each(act: (panel: LogPanel) => void): void {
    for (const panel of [...this.#panels.values()]) act(panel);
  }

  /** Saves all that there is of a log. */
  async #save(shown: ShownLog): Promise<void> {
    const name = `${shown.title.replace(/^Logs: /, '').replace(/[^\w.-]+/g, '-')}.log`;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const uri = await vscode.window.showSaveDialog({
      ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
      filters: { 'Log files': ['log', 'txt'] },
      title: 'Save All That There Is of This Log',
    });
    if (uri === undefined) return;
    const location = vscode.ProgressLocation.Notification;
    const path = uri.fsPath;
    try {
      const saved = await vscode.window.withProgress({ location, title: `Saving ${path}` }, () =>
        shown.save(path),
      );
      const text = `${saved.lines.toLocaleString('en')} lines were saved to ${path}.`;
      const open = await vscode.window.showInformationMessage(unlinked(text), 'Open');
      if (open !== undefined) await vscode.window.showTextDocument(uri);
    } catch (error) {
      void vscode.window.showErrorMessage(unlinked(errorText(error)));
    }
  }
}
