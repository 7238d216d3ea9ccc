import * as vscode from 'vscode';
import type { StepRecord } from '../../../agent/protocol/runs';
import type { AgentClient } from '../../agent/agentClient';
import { contextKeys } from '../../commands/names';
import { coalesce } from '../coalesce';
import { paged, pageSize } from '../paged';
import type { LastResults } from './lastResults';
import { filterOutline, type Outline, type OutlineCell, type OutlineSection } from './outline';
import { cellItem, fileItem, moreItem, sectionItem } from './runbookItems';
import type { IndexedRunbook, RunbookIndex } from './runbookIndex';

/** A row of the Runbooks view. */
export type RunbookNode =
  | {
      readonly kind: 'file';
      readonly uri: vscode.Uri;
      readonly runbook: IndexedRunbook;
      readonly outline: Outline;
    }
  | { readonly kind: 'section'; readonly file: IndexedRunbook; readonly section: OutlineSection }
  | {
      readonly kind: 'cell';
      readonly uri: vscode.Uri;
      readonly cell: OutlineCell;
      readonly last: StepRecord | undefined;
    }
  | { readonly kind: 'more'; readonly left: number };

const refreshMs = 300;

/** The Runbooks view: files, their headings, their cells, each with its last result. */
export class RunbooksProvider implements vscode.TreeDataProvider<RunbookNode>, vscode.Disposable {
  readonly #index: RunbookIndex;
  readonly #results: LastResults;
  readonly #agent: AgentClient;
  readonly #changed = new vscode.EventEmitter<undefined>();
  // Rows are found again by their ids, so the whole tree may be asked for; no more often than VS Code can draw it.
  readonly #refresh = coalesce<never>(refreshMs, () => this.#changed.fire(undefined));
  readonly #subscriptions: vscode.Disposable[];
  #filter = '';
  #shown = pageSize;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(index: RunbookIndex, results: LastResults, agent: AgentClient) {
    this.#index = index;
    this.#results = results;
    this.#agent = agent;
    this.#subscriptions = [
      index.onDidChange(() => this.#refresh.fire(undefined)),
      results.onDidChange(() => this.#refresh.fire(undefined)),
    ];
  }

  /** Shows only what matches; an empty text shows all. */
  setFilter(filter: string): void {
    this.#filter = filter.trim();
    this.#shown = pageSize;
    void vscode.commands.executeCommand('setContext', contextKeys.filtered, this.#filter !== '');
    this.#refresh.fire(undefined);
  }

  get filter(): string {
    return this.#filter;
  }

  showMore(): void {
    this.#shown += pageSize;
    this.#refresh.fire(undefined);
  }

  setVisible(visible: boolean): void {
    if (visible) void this.#agent.connectQuietly();
  }

  async getChildren(node?: RunbookNode): Promise<RunbookNode[]> {
    if (node === undefined) return this.#files();
    if (node.kind === 'section') return this.#cells(node.file, node.section);
    if (node.kind !== 'file') return [];
    const { runbook, outline } = node;
    const sections = outline.sections.slice(0, pageSize);
    return (await Promise.all(sections.map(section => this.#rows(runbook, section)))).flat();
  }

  getTreeItem(node: RunbookNode): vscode.TreeItem {
    switch (node.kind) {
      case 'file':
        return fileItem(node.runbook, this.#results.ofFile(node.uri.fsPath), Date.now(), this.#filter !== '');
      case 'section':
        return sectionItem(node.file, node.section, this.#filter !== '');
      case 'cell':
        return cellItem(node.uri, node.cell, node.last, Date.now());
      case 'more':
        return moreItem(node.left);
    }
  }

  dispose(): void {
    this.#refresh.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  async #files(): Promise<RunbookNode[]> {
    const all = await this.#index.all();
    const matching = all.flatMap(runbook => {
      const outline = filterOutline(runbook.outline, runbook.path, this.#filter);
      return outline === undefined ? [] : [{ kind: 'file' as const, uri: runbook.uri, runbook, outline }];
    });
    const { items, left } = paged<RunbookNode>(matching, this.#shown);
    return left === 0 ? [...items] : [...items, { kind: 'more', left }];
  }

  /** A heading is a row; cells above the first heading stand right below the file. */
  async #rows(file: IndexedRunbook, section: OutlineSection): Promise<RunbookNode[]> {
    return section.title === undefined ? this.#cells(file, section) : [{ kind: 'section', file, section }];
  }

  async #cells({ uri, outline }: IndexedRunbook, section: OutlineSection): Promise<RunbookNode[]> {
    const results = await this.#results.ofCells(uri.fsPath, outline);
    return section.cells
      .slice(0, pageSize)
      .map(cell => ({ kind: 'cell' as const, uri, cell, last: results.get(cell.index) }));
  }
}
