import * as vscode from 'vscode';
import { checkHistory, type CheckHistory } from '../../../agent/protocol/checkHistory';
import type { CheckProblem } from '../../../agent/protocol/health';
import type { AgentClient } from '../../agent/agentClient';
import type { HealthFeed } from '../../agent/healthFeed';
import { contextKeys } from '../../commands/names';
import { coalesce } from '../coalesce';
import { inPages, type MoreRow, type Rows } from '../inPages';
import { moreItem } from '../moreItem';
import { checkItem, checkTooltip, groupItem, problemItem } from './healthItems';
import { sortChecks } from './healthWords';

/** A row of the Health view. */
export type HealthNode =
  | { readonly kind: 'check'; readonly id: string }
  | { readonly kind: 'group'; readonly name: string }
  | { readonly kind: 'problem'; readonly problem: CheckProblem }
  | MoreRow<HealthNode>;

const refreshMs = 1000;
/** How often the lengths of time in rows are told anew, while somebody sees them. */
const tickMs = 10_000;

/** The Health view: what is wrong first, in groups. */
export class HealthProvider implements vscode.TreeDataProvider<HealthNode>, vscode.Disposable {
  readonly #agent: AgentClient;
  readonly #feed: HealthFeed;
  readonly #changed = new vscode.EventEmitter<HealthNode[] | undefined>();
  readonly #refresh = coalesce<HealthNode>(refreshMs, nodes => this.#changed.fire(nodes && [...nodes]));
  readonly #nodes = new Map<string, HealthNode>();
  readonly #subscriptions: vscode.Disposable[];
  #ticking: NodeJS.Timeout | undefined;
  #hasChecks: boolean | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(agent: AgentClient, feed: HealthFeed) {
    this.#agent = agent;
    this.#feed = feed;
    this.#subscriptions = [feed.onDidChange(() => this.#tell())];
    this.#tell();
  }

  setVisible(visible: boolean): void {
    clearInterval(this.#ticking);
    this.#ticking = undefined;
    if (!visible) return;
    this.#ticking = setInterval(() => this.#refresh.fire(undefined), tickMs);
    if (this.#feed.files.length > 0) void this.#agent.connectQuietly();
    this.#refresh.fire(undefined);
  }

  getChildren(node?: HealthNode): Rows<HealthNode> {
    // What stands in the files is not shown as if it were looked at: until then the view says what to do.
    if (!this.#feed.isEnabled) return [];
    if (node === undefined) return this.#top();
    if (node.kind === 'group') return this.#checksOf(node.name);
    return node.kind === 'more' ? (node.open() as Rows<HealthNode>) : [];
  }

  getTreeItem(node: HealthNode): vscode.TreeItem {
    if (node.kind === 'check') {
      const row = this.#feed.row(node.id);
      return row === undefined ? new vscode.TreeItem(node.id) : checkItem(row, Date.now());
    }
    if (node.kind === 'group') {
      return groupItem(
        node.name,
        this.#feed.rows.filter(({ group }) => group === node.name),
      );
    }
    return node.kind === 'problem' ? problemItem(node.problem) : moreItem(node);
  }

  async resolveTreeItem(item: vscode.TreeItem, node: HealthNode): Promise<vscode.TreeItem> {
    const past = node.kind === 'check' ? await this.#past(node.id) : undefined;
    const row = node.kind === 'check' ? this.#feed.row(node.id) : undefined;
    if (row !== undefined) item.tooltip = checkTooltip(row, past, Date.now());
    return item;
  }

  /** Without it a tooltip says less. */
  async #past(check: string): Promise<CheckHistory | undefined> {
    try {
      return await this.#agent.request(checkHistory, { check });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return undefined;
    }
  }

  dispose(): void {
    clearInterval(this.#ticking);
    this.#refresh.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #top(): Rows<HealthNode> {
    const { rows, problems } = this.#feed;
    const wrong = problems.map((problem): HealthNode => ({ kind: 'problem', problem }));
    const firsts = new Set<string>();
    // A group stands where the worst of its checks would.
    const nodes = sortChecks(rows).flatMap(({ id, group }) => {
      if (group === undefined) return [this.#node(id, { kind: 'check', id })];
      if (firsts.has(group)) return [];
      firsts.add(group);
      return [this.#node(`group ${group}`, { kind: 'group', name: group })];
    });
    return inPages([...wrong, ...nodes], 'checks');
  }

  #checksOf(group: string): Rows<HealthNode> {
    const rows = sortChecks(this.#feed.rows.filter(row => row.group === group));
    const nodes = rows.map(({ id }) => this.#node(id, { kind: 'check', id }));
    return inPages(nodes, `checks of ${group}`);
  }

  /** The same object for the same row, so that VS Code keeps what is selected. */
  #node(id: string, made: HealthNode): HealthNode {
    const node = this.#nodes.get(id) ?? made;
    this.#nodes.set(id, node);
    return node;
  }

  #tell(): void {
    const { files, rows } = this.#feed;
    const hasChecks = files.length > 0;
    if (hasChecks !== this.#hasChecks)
      void vscode.commands.executeCommand('setContext', contextKeys.hasChecks, hasChecks);
    this.#hasChecks = hasChecks;
    const there = new Set(
      rows.flatMap(({ id, group }) => (group === undefined ? [id] : [id, `group ${group}`])),
    );
    for (const id of this.#nodes.keys()) if (!there.has(id)) this.#nodes.delete(id);
    this.#refresh.fire(undefined);
  }
}
