import * as vscode from 'vscode';
import type { AgentClient } from '../../agent/agentClient';
import type { Log } from '../../log';
import type { ClusterChange, ClusterFeed, TableKey } from '../../agent/clusterFeed';
import type { PortForwards } from '../../clusters/portForwards';
import type { Allowed } from '../../commands/clusters/allowed';
import { waysText } from '../../commands/clusters/rights';
import { coalesce } from '../coalesce';
import { messageItem } from '../containers/containerItems';
import { pageSize, type Rows } from '../inPages';
import { moreItem } from '../moreItem';
import type { ClusterChoices } from './clusterChoices';
import {
  contextItem,
  kindItem,
  namespaceItem,
  objectItem,
  podContainerItem,
  releaseItem,
  revisionItem,
  sectionItem,
} from './clusterItems';
import { ClusterModel } from './clusterModel';
import {
  contextNode,
  namespaceNode,
  sectionNode,
  type ClusterNode,
  type ObjectNode,
  type SectionNode,
} from './clusterNode';
import { clusterTooltip } from './clusterTooltip';
import { ClusterUsage } from './clusterUsage';
import { contextDescription } from './clusterWords';
import { contextRows } from './contextRows';
import { forwardItem, forwardRows, forwardsItem, withForwards } from './forwardRows';
import { HelmReleases } from './helmReleases';
import { podContainerRows, releaseHistoryRows } from './lateRows';
import { isSame, tableOf } from './tableKeys';
import { usageText } from './usageHistory';

/** Milliseconds between redraws at most; a single change is drawn at once. */
const refreshMs = 200;
/** How often ages move on. */
const tickMs = 30_000;
/** How long unfolding a row waits for what it has, so that it is drawn once; then it says on what it waits. */
const firstRowsMs = 800;

/** The Clusters view: contexts, and what their clusters have, as the agent tells of it. */
export class ClustersProvider implements vscode.TreeDataProvider<ClusterNode>, vscode.Disposable {
  readonly model: ClusterModel;
  readonly releases: HelmReleases;
  readonly #agent: AgentClient;
  readonly #feed: ClusterFeed;
  readonly #choices: ClusterChoices;
  readonly #usage: ClusterUsage;
  readonly #forwards: PortForwards;
  readonly #allowed: Allowed;
  readonly #changed = new vscode.EventEmitter<ClusterNode[] | undefined>();
  readonly #refresh = coalesce<ClusterNode>(refreshMs, nodes => this.#changed.fire(nodes && [...nodes]));
  readonly #nodes = new Map<string, ClusterNode>();
  /** Rows that are unfolded, by their ids. */
  readonly #open = new Map<string, ClusterNode>();
  /** Contexts that a person has let go while their rows are unfolded. */
  readonly #letGo = new Set<string>();
  readonly #subscriptions: vscode.Disposable[];
  #visible = false;
  #ticking: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(
    agent: AgentClient,
    feed: ClusterFeed,
    choices: ClusterChoices,
    { forwards, allowed, log }: { forwards: PortForwards; allowed: Allowed; log: Log },
  ) {
    this.#agent = agent;
    this.#feed = feed;
    this.#choices = choices;
    this.releases = new HelmReleases(agent);
    this.#usage = new ClusterUsage(agent, log);
    this.#forwards = forwards;
    this.#allowed = allowed;
    this.model = new ClusterModel(feed, this.releases, () => choices.now);
    this.#subscriptions = [
      feed.onDidList(() => this.#refresh.fire(undefined)),
      feed.onDidChange(change => this.#take(change)),
      this.releases,
      this.#usage,
      this.#usage.onDidChange(table => this.#drawTable(table)),
      this.releases.onDidChange(place => this.#drawReleases(place)),
      allowed.onDidChange(({ context }) => this.#drawObjects(context)),
      forwards.onDidChange(contexts => this.#drawContexts(contexts)),
      choices.onDidChange(() => this.#refresh.fire(undefined)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#refresh.fire(undefined)),
    ];
  }

  /** The view was shown or hidden: what nobody sees is not watched. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
    clearInterval(this.#ticking);
    this.#ticking = visible ? setInterval(() => this.#redrawOpen(), tickMs) : undefined;
    this.#watchOpen();
  }

  unfolded(node: ClusterNode): void {
    this.#open.set(node.id, node);
    if (node.kind === 'context' && this.#letGo.delete(node.context)) this.#refresh.fire(node);
    this.#watchOpen();
  }

  folded(node: ClusterNode): void {
    this.#open.delete(node.id);
    this.#watchOpen();
  }

  /** Lets a cluster go until a person wants it again. */
  async letGo(context: string): Promise<void> {
    this.#letGo.add(context);
    this.releases.forget(context);
    this.#usage.forget(context);
    this.#allowed.forget(context);
    await this.#feed.letGo(context);
    this.#watchOpen();
  }

  /** Connects a context, or tries it again. */
  async connect(context: string): Promise<void> {
    this.#letGo.delete(context);
    await this.#feed.retry(context);
    this.#watchOpen();
  }

  async getChildren(node?: ClusterNode): Promise<Rows<ClusterNode>> {
    if (!vscode.workspace.isTrusted) return [];
    if (node === undefined && this.#feed.found === undefined) await this.#feed.list();
    const rows = await this.#childrenOf(node);
    return rows.map(row => this.#same(row));
  }

  getTreeItem(node: ClusterNode): vscode.TreeItem {
    switch (node.kind) {
      case 'context':
        return this.#contextItem(node.context);
      case 'namespace': {
        const { favourites } = this.#choices.now;
        const favourite = (favourites[node.context] ?? []).includes(node.namespace);
        const current = this.#feed.context(node.context)?.namespace === node.namespace;
        const { problem } = this.model.namespace(node) ?? {};
        return namespaceItem(node, { favourite, current, problem });
      }
      case 'section':
        return sectionItem(node, this.model.problemsIn(node));
      case 'kind':
        return kindItem(node, this.model.problemsIn(node));
      case 'object':
        return this.#objectItem(node);
      case 'container':
        return podContainerItem(node, Date.now());
      case 'release':
        return releaseItem(node, this.releases.find(node), Date.now());
      case 'revision':
        return revisionItem(node, Date.now());
      case 'forwards':
        return forwardsItem(node, this.#forwards.of(node.context));
      case 'forward':
        return forwardItem(node, this.#forwards.find(node.key));
      case 'message':
        return messageItem(node);
      case 'more':
        return moreItem(node);
    }
  }

  resolveTreeItem(item: vscode.TreeItem, node: ClusterNode): vscode.TreeItem {
    const { model, releases } = this;
    const known = { feed: this.#feed, model, releases, usage: this.#usage, forwards: this.#forwards };
    const text = clusterTooltip(known, node);
    if (text !== undefined) item.tooltip = new vscode.MarkdownString(text);
    return item;
  }

  dispose(): void {
    clearInterval(this.#ticking);
    this.#refresh.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  async #childrenOf(node: ClusterNode | undefined): Promise<Rows<ClusterNode>> {
    if (node === undefined) return contextRows(this.#feed.found, this.#feed.failure);
    switch (node.kind) {
      case 'context':
        // Unfolding is what a person does to have a cluster contacted.
        await this.#firstOf(node, () => this.#feed.kinds(node.context) !== undefined);
        return withForwards(node, this.#forwards, this.model.inContext(node.context));
      case 'namespace':
        return this.model.inNamespace(node);
      case 'section':
      case 'kind':
        await this.#firstOf(node, () => this.#isTold(this.model.tablesFor(node)));
        if (node.kind === 'section' && node.section === 'helm') this.#lookForReleases(node);
        return node.kind === 'section' ? this.model.inSection(node) : this.model.inKind(node);
      case 'object':
        return node.of === 'pods'
          ? podContainerRows(this.#agent, node, this.model.row(node))
          : this.model.inObject(node);
      case 'release':
        return releaseHistoryRows(this.#agent, node);
      case 'more':
        return node.open();
      case 'forwards':
        return forwardRows(this.#forwards.of(node.context));
      case 'container':
      case 'revision':
      case 'forward':
      case 'message':
        return [];
    }
  }

  /** Has what is below a row told of, and gives it a moment. */
  async #firstOf(node: ClusterNode & { context: string }, isThere: () => boolean): Promise<void> {
    const isNew = !this.#open.has(node.id);
    this.#open.set(node.id, node);
    if (this.#letGo.has(node.context)) return;
    if (node.kind === 'context') void this.#feed.connect(node.context);
    this.#watchOpen();
    if (!isNew || isThere()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, firstRowsMs);
    const subscription = this.#feed.onDidChange(() => {
      if (isThere() || this.#feed.context(node.context)?.state.kind === 'failed') resolve();
    });
    await promise;
    clearTimeout(timer);
    subscription.dispose();
  }

  /** Or a page of it: who has 10,000 is shown the first ones. */
  #isTold(keys: readonly TableKey[]): boolean {
    const tables = keys.map(key => this.#feed.table(key));
    if (tables.some(table => table !== undefined && table.rows.size >= pageSize)) return true;
    return tables.every(table => table !== undefined && (table.complete || table.state.kind !== 'loading'));
  }

  #drawReleases({ context, namespace }: { context: string; namespace: string }): void {
    this.#refresh.fire(this.#nodes.get(sectionNode(context, 'helm', namespace).id));
  }

  #contextItem(id: string): vscode.TreeItem {
    const context = this.#feed.context(id);
    if (context === undefined) return new vscode.TreeItem(id);
    const wanted = this.#feed.isWanted(id);
    const description = contextDescription(context, { live: this.#feed.isLive, wanted, now: Date.now() });
    return contextItem(context, description);
  }

  #objectItem(node: ObjectNode): vscode.TreeItem {
    const row = this.model.row(node);
    if (row === undefined) return new vscode.TreeItem(node.uid);
    const live = this.model.isLive(node.context);
    const columns = this.model.columnsOf(node);
    const latest = this.#usage.of(tableOf(node), row)?.at(-1);
    const usage = row.problem === undefined && latest ? usageText(latest) : undefined;
    const { context, of } = node;
    const kind = this.#feed.kinds(context)?.find(({ id }) => id === of);
    const rules = live ? this.#allowed.of({ context, namespace: row.namespace ?? 'default' }) : undefined;
    const can = waysText(kind, rules, row.name);
    const opens = this.model.opens(node);
    return objectItem(node, row, { columns, live, opens, now: Date.now(), usage, can });
  }

  #take({ contexts, tables }: ClusterChange): void {
    this.#drawContexts(contexts);
    if (contexts.length > 0) this.#watchOpen();
    for (const key of tables) this.#drawTable(key);
  }

  #drawContexts(contexts: readonly string[]): void {
    for (const context of contexts) this.#refresh.fire(this.#nodes.get(contextNode(context).id));
  }

  /** What may be done with them is another. */
  #drawObjects(context: string): void {
    for (const node of this.#open.values())
      if (node.context === context && (node.kind === 'section' || node.kind === 'kind'))
        this.#refresh.fire(this.#nodes.get(node.id) ?? node);
  }

  #drawTable(key: TableKey): void {
    if (this.#feed.table(key)?.isFilling === true) return;
    for (const node of this.#open.values()) {
      if (!this.model.tablesFor(node).some(one => isSame(one, key))) continue;
      if (node.kind === 'section' && node.section === 'helm') this.#lookForReleases(node);
      else this.#refresh.fire(this.#nodes.get(node.id) ?? node);
    }
  }

  /** What changes otherwise in Secrets is not theirs. */
  #lookForReleases(node: SectionNode): void {
    const tables = this.model.tablesFor(node).map(key => this.#feed.table(key));
    this.releases.look({ context: node.context, namespace: node.namespace ?? '' }, tables);
  }

  #redrawOpen(): void {
    for (const node of this.#seen()) {
      if (node.kind === 'section' || node.kind === 'kind' || node.kind === 'context')
        this.#refresh.fire(node);
    }
  }

  /** Unfolded rows in unfolded rows. */
  #seen(): ClusterNode[] {
    if (!this.#visible) return [];
    return [...this.#open.values()].filter(node => {
      if (node.context === undefined || !this.#open.has(contextNode(node.context).id)) return false;
      const namespace = node.kind === 'section' || node.kind === 'kind' ? node.namespace : undefined;
      return namespace === undefined || this.#open.has(namespaceNode(node.context, namespace).id);
    });
  }

  #watchOpen(): void {
    const tables = this.#seen().flatMap(node => this.model.tablesFor(node));
    this.#feed.watchTables(tables);
    this.#usage.watch(tables.filter(({ context }) => this.model.isLive(context)));
  }

  /** A row of one thing is one object, so that VS Code can be told of it. Rows that say something are made anew. */
  #same(node: ClusterNode): ClusterNode {
    const known = this.#nodes.get(node.id);
    const isLasting =
      known?.kind === node.kind && !['message', 'more', 'container', 'revision'].includes(node.kind);
    if (known !== undefined && isLasting) return known;
    this.#nodes.set(node.id, node);
    return node;
  }
}
