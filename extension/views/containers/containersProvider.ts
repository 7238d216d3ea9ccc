import * as vscode from 'vscode';
import type { EngineFeed, StatsNews } from '../../agent/engineFeed';
import type { EngineChange } from '../../agent/engineMirror';
import { coalesce } from '../coalesce';
import type { Rows } from '../inPages';
import { moreItem } from '../moreItem';
import {
  bundleItem,
  containerItem,
  endpointItem,
  imageItem,
  messageItem,
  networkItem,
  sectionItem,
  volumeItem,
} from './containerItems';
import { ContainerModel } from './containerModel';
import { endpointNode, objectNode, sectionNode, type ContainerNode, type ObjectNode } from './containerNode';
import { containerDescription, sortKey } from './containerWords';
import { endpointDescription, endpointFacts } from './endpointWords';
import { foundRows } from './foundRows';
import { seenContainers, toMeasure } from './seenContainers';
import { StatsHistory } from './statsHistory';
import { containerTooltip, imageTooltip, networkTooltip, plainTooltip, volumeTooltip } from './tooltips';
import type { TreeChoices } from './treeChoices';
import { ActionsUnderway } from './underway';

const refreshMs = 300;
const tickMs = 1000;
/** Usage is redrawn no more often than this: numbers that jump each second are not read. */
const usageMs = 2000;
/** How long unfolding an engine waits for what it has, so that it is drawn once; then it says on what it waits. */
const firstRowsMs = 800;
/** How long a tooltip waits for the usage that it is to show. */
const firstUsageMs = 2500;
/** How long a row whose tooltip was asked for is left alone: drawing it anew would take the tooltip away. */
const readingMs = 10_000;
/** How long the list has to stay as it is before other containers are measured. */
const settledMs = 200;

/** The Containers view: engines, and what they have, as the agent tells of it. */
export class ContainersProvider implements vscode.TreeDataProvider<ContainerNode>, vscode.Disposable {
  readonly model: ContainerModel;
  /** What this window has asked engines to do. */
  readonly underway = new ActionsUnderway();
  readonly #feed: EngineFeed;
  readonly #choices: TreeChoices;
  readonly #changed = new vscode.EventEmitter<ContainerNode[] | undefined>();
  readonly #refresh = coalesce<ContainerNode>(refreshMs, nodes => this.#changed.fire(nodes && [...nodes]));
  readonly #nodes = new Map<string, ContainerNode>();
  /** Rows whose children VS Code has asked for and not folded since. */
  readonly #open = new Set<string>();
  /** Engines that a person has let go while their rows are unfolded. */
  readonly #letGo = new Set<string>();
  readonly #history = new StatsHistory();
  /** What rows of containers say, as drawn last; and what they are sorted by. */
  readonly #drawn = new Map<string, string>();
  readonly #sorted = new Map<string, string>();
  readonly #subscriptions: vscode.Disposable[];
  #visible = false;
  #ticking: NodeJS.Timeout | undefined;
  #usageDrawn = 0;
  #read = { id: '', until: 0 };
  #settling: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(feed: EngineFeed, choices: TreeChoices) {
    this.#feed = feed;
    this.#choices = choices;
    this.model = new ContainerModel(feed, () => choices.now);
    this.#subscriptions = [
      feed.onDidList(() => this.#refresh.fire(undefined)),
      feed.onDidChange(changes => this.#take(changes)),
      feed.onDidTellStats(news => this.#takeStats(news)),
      choices.onDidChange(() => this.#refresh.fire(undefined)),
      this.underway,
      this.underway.onDidChange(() => this.#redrawSeen()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#refresh.fire(undefined)),
    ];
  }

  /** The view was shown or hidden: ages and usage are only for eyes. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
    clearInterval(this.#ticking);
    this.#ticking = visible ? setInterval(() => this.#tick(), tickMs) : undefined;
    this.#watchSeen();
  }

  /** A person unfolded a row. */
  unfolded(node: ContainerNode): void {
    this.#open.add(node.id);
    if (node.kind === 'endpoint' && this.#letGo.delete(node.endpoint)) this.#refresh.fire(node);
    this.#watchSeen();
  }

  folded(node: ContainerNode): void {
    this.#open.delete(node.id);
    this.#watchSeen();
  }

  /** Lets an engine go until a person wants it again. */
  async letGo(endpoint: string): Promise<void> {
    this.#letGo.add(endpoint);
    await this.#feed.unwatch(endpoint);
  }

  /** Connects an engine, or tries it again. */
  async connect(endpoint: string): Promise<void> {
    this.#letGo.delete(endpoint);
    this.#refresh.fire(this.#nodes.get(endpoint));
    await this.#feed.retry(endpoint);
  }

  async getChildren(node?: ContainerNode): Promise<Rows<ContainerNode>> {
    if (!vscode.workspace.isTrusted) return [];
    if (node !== undefined) this.#open.add(node.id);
    else if (this.#feed.found === undefined) await this.#feed.list();
    const rows = await this.#childrenOf(node);
    this.#watchSeen();
    return rows.map(row => this.#same(row));
  }

  getTreeItem(node: ContainerNode): vscode.TreeItem {
    switch (node.kind) {
      case 'endpoint':
        return this.#endpointItem(node.endpoint);
      case 'section':
        return sectionItem(node, this.model.sectionDescription(node));
      case 'bundle':
        return bundleItem(node, this.model.containersOf(node), this.model.isLive(node.endpoint));
      case 'object':
        return this.#objectItem(node);
      case 'message':
        return messageItem(node);
      case 'more':
        return moreItem(node);
    }
  }

  async resolveTreeItem(item: vscode.TreeItem, node: ContainerNode): Promise<vscode.TreeItem> {
    this.#read = { id: node.id, until: Date.now() + readingMs };
    await this.#measureRead(node);
    const text = this.#tooltip(node);
    if (text !== undefined) item.tooltip = new vscode.MarkdownString(text);
    return item;
  }

  dispose(): void {
    clearInterval(this.#ticking);
    clearTimeout(this.#settling);
    this.#refresh.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  async #childrenOf(node: ContainerNode | undefined): Promise<Rows<ContainerNode>> {
    if (node === undefined) return foundRows(this.#feed.found, this.#feed.failure);
    // Unfolding is what a person does to have an engine contacted; only what nobody asked for yet is asked for.
    if (node.kind === 'endpoint') {
      const wanted = !this.#letGo.has(node.endpoint);
      if (wanted) await this.#firstRows(node.endpoint);
      return this.model.inEndpoint(node.endpoint, wanted);
    }
    if (node.kind === 'section') {
      if (!this.#letGo.has(node.endpoint)) void this.#feed.watch(node.endpoint, [node.of]);
      return this.model.inSection(node);
    }
    if (node.kind === 'bundle') return this.model.inBundle(node);
    return node.kind === 'more' ? node.open() : [];
  }

  /** Has an engine contacted that nobody has asked for yet, and gives it a moment to tell what it has. */
  async #firstRows(endpoint: string): Promise<void> {
    if (this.#feed.mirror(endpoint) !== undefined) return void this.#feed.watch(endpoint, ['container']);
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, firstRowsMs);
    const subscription = this.#feed.onDidChange(() => {
      const mirror = this.#feed.mirror(endpoint);
      if (mirror === undefined || mirror.knows('container') || mirror.state.kind === 'failed') resolve();
    });
    void this.#feed.watch(endpoint, ['container']);
    await promise;
    clearTimeout(timer);
    subscription.dispose();
  }

  #endpointItem(id: string): vscode.TreeItem {
    const endpoint = this.#feed.endpoint(id);
    if (endpoint === undefined) return new vscode.TreeItem(id);
    const counts = this.model.counts(id);
    const { isLive } = this.#feed;
    const wanted = this.#feed.mirror(id) !== undefined;
    return endpointItem(
      endpoint,
      endpointDescription(endpoint.state, { live: isLive, wanted, counts, now: Date.now() }),
    );
  }

  #objectItem(node: ObjectNode): vscode.TreeItem {
    const row = this.#feed.mirror(node.endpoint)?.rows(node.of).get(node.object);
    switch (row?.kind) {
      case 'container': {
        const said = this.#said(node.endpoint, row.id);
        const within = this.#choices.now.grouping.by === 'project';
        const live = this.model.isLive(node.endpoint);
        const now = Date.now();
        this.#drawn.set(node.id, containerDescription(row, now, said));
        this.#sorted.set(node.id, sortKey(row));
        return containerItem(node, row, { ...said, now, live, within });
      }
      case 'image':
        return imageItem(node, row, Date.now());
      case 'volume':
        return volumeItem(node, row);
      case 'network':
        return networkItem(node, row);
      case undefined:
        return new vscode.TreeItem(node.object.slice(0, 12));
    }
  }

  /** What is known of a container besides its row. */
  #said(endpoint: string, id: string) {
    return { stats: this.#history.latest(endpoint, id), underway: this.underway.of(endpoint, id) };
  }

  #tooltip(node: ContainerNode): string | undefined {
    const now = Date.now();
    if (node.kind === 'endpoint') {
      const endpoint = this.#feed.endpoint(node.endpoint);
      return endpoint && plainTooltip(endpointFacts(endpoint, now));
    }
    if (node.kind !== 'object') return undefined;
    const row = this.#feed.mirror(node.endpoint)?.rows(node.of).get(node.object);
    if (row === undefined) return undefined;
    if (row.kind === 'container')
      return containerTooltip(row, this.#history.usage(node.endpoint, row.id), now);
    const users = this.model.containerNames(node.endpoint, row.usedBy);
    if (row.kind === 'image') return imageTooltip(row, users, now);
    return row.kind === 'volume' ? volumeTooltip(row, users) : networkTooltip(row, users);
  }

  #take(changes: readonly EngineChange[]): void {
    for (const { endpoint, whole, rows } of changes) {
      const top = this.#nodes.get(endpointNode(endpoint).id);
      if (whole) this.#refresh.fire(top);
      for (const { kind, id } of rows) {
        const node = objectNode(endpoint, kind, id);
        const there = this.#feed.mirror(endpoint)?.rows(kind).get(id);
        const known = this.#nodes.get(node.id);
        if (there === undefined) this.#forget(node.id);
        if (kind !== 'container') this.#refresh.fire(this.#nodes.get(sectionNode(endpoint, kind).id) ?? top);
        // What only says something else is drawn alone; what may stand elsewhere now, with all around it.
        else if (there?.kind === 'container' && this.#sorted.get(node.id) === sortKey(there))
          this.#refresh.fire(known);
        else this.#refresh.fire(top);
      }
    }
    this.#watchSeen();
  }

  #takeStats({ endpoint, stats }: StatsNews): void {
    this.#history.take(endpoint, stats);
    const now = Date.now();
    if (!this.#visible || now - this.#usageDrawn < usageMs) return;
    this.#usageDrawn = now;
    this.#redrawSeen();
  }

  #tick(): void {
    for (const node of this.#nodes.values()) {
      const kind = node.kind === 'endpoint' ? this.#feed.mirror(node.endpoint)?.state.kind : undefined;
      if (kind === 'connecting') this.#refresh.fire(node);
    }
    this.#redrawSeen();
  }

  /** Draws the containers in sight whose words are others now. */
  #redrawSeen(): void {
    const beingRead = this.#beingRead;
    for (const { node, row } of this.#seen()) {
      if (!this.model.isLive(node.endpoint) || node.id === beingRead) continue;
      const text = containerDescription(row, Date.now(), this.#said(node.endpoint, row.id));
      const known = this.#nodes.get(node.id);
      if (known !== undefined && this.#drawn.get(node.id) !== text) this.#refresh.fire(known);
    }
  }

  #seen() {
    return this.#visible ? seenContainers(this.#feed, this.model, this.#open) : [];
  }

  #watchSeen(): void {
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      this.#measure();
    }, settledMs);
  }

  /** The row whose tooltip was asked for. */
  get #beingRead(): string | undefined {
    return Date.now() < this.#read.until ? this.#read.id : undefined;
  }

  /** Of more containers than are measured, the one whose tooltip is asked for: it is given a moment for that. */
  async #measureRead(node: ContainerNode): Promise<void> {
    if (node.kind !== 'object' || !this.model.isLive(node.endpoint)) return;
    const row = this.#feed.mirror(node.endpoint)?.rows('container').get(node.object);
    const isKnown = () => this.#history.latest(node.endpoint, node.object) !== undefined;
    if (row?.kind !== 'container' || row.state !== 'running' || isKnown()) return;
    this.#measure();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, firstUsageMs);
    const subscription = this.#feed.onDidTellStats(() => isKnown() && resolve());
    await promise;
    clearTimeout(timer);
    subscription.dispose();
  }

  #measure(): void {
    const endpoints = this.#feed.found?.endpoints.map(({ id }) => id) ?? [];
    for (const [endpoint, ids] of toMeasure(this.#seen(), endpoints, this.#beingRead)) {
      if (!this.model.isLive(endpoint)) continue;
      this.#history.keepOnly(endpoint, ids);
      this.#feed.watchStats(endpoint, ids);
    }
  }

  #forget(id: string): void {
    this.#nodes.delete(id);
    this.#drawn.delete(id);
    this.#sorted.delete(id);
  }

  /** A row of one thing is one object, so that VS Code can be told of it. Rows that open to more are made anew. */
  #same(node: ContainerNode): ContainerNode {
    const known = this.#nodes.get(node.id);
    if (known !== undefined && known.kind !== 'message' && known.kind !== 'more') return known;
    this.#nodes.set(node.id, node);
    return node;
  }
}
