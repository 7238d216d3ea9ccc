import * as vscode from 'vscode';
import type { StepRecord } from '../../../agent/protocol/runs';
import type { AgentClient } from '../../agent/agentClient';
import { contextKeys } from '../../commands/names';
import { coalesce } from '../coalesce';
import { inPages, type MoreRow, type Rows } from '../inPages';
import { moreItem } from '../moreItem';
import type { LastResults } from './lastResults';
import { filterOutline, type Outline, type OutlineCell, type OutlineSection } from './outline';
import { cellItem, fileItem, sectionId, sectionItem } from './runbookItems';
import type { IndexedRunbook, RunbookIndex } from './runbookIndex';
import { shortFolders } from './shortFolders';

/** A row of the Runbooks view. */
export type RunbookNode =
  | {
      readonly kind: 'file';
      readonly uri: vscode.Uri;
      readonly runbook: IndexedRunbook;
      /** What of it matches the filter. */
      readonly outline: Outline;
      readonly folder: string;
    }
  | { readonly kind: 'section'; readonly file: IndexedRunbook; readonly section: OutlineSection }
  | {
      readonly kind: 'cell';
      readonly uri: vscode.Uri;
      readonly cell: OutlineCell;
      readonly last: StepRecord | undefined;
    }
  | MoreRow<RunbookNode>;

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
    void vscode.commands.executeCommand('setContext', contextKeys.filtered, this.#filter !== '');
    this.#refresh.fire(undefined);
  }

  get filter(): string {
    return this.#filter;
  }

  setVisible(visible: boolean): void {
    if (visible) void this.#agent.connectQuietly();
  }

  async getChildren(node?: RunbookNode): Promise<Rows<RunbookNode>> {
    if (node === undefined) return inPages(await this.#files(), 'files');
    if (node.kind === 'section')
      return inPages(this.#cells(node.file, node.section), sectionId(node.file, node.section));
    if (node.kind === 'more') return node.open();
    return node.kind === 'file' ? inPages(this.#rows(node.runbook, node.outline), node.uri.toString()) : [];
  }

  getTreeItem(node: RunbookNode): vscode.TreeItem {
    switch (node.kind) {
      case 'file': {
        const result = this.#results.ofFile(node.uri.fsPath, node.runbook.outline);
        return fileItem(node.runbook, node.folder, result, Date.now(), this.#filter !== '');
      }
      case 'section':
        return sectionItem(node.file, node.section, this.#filter !== '');
      case 'cell':
        return cellItem(node.uri, node.cell, node.last, Date.now());
      case 'more':
        return moreItem(node);
    }
  }

  dispose(): void {
    this.#refresh.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  async #files(): Promise<RunbookNode[]> {
    const all = await this.#index.all();
    // With several workspace folders their names come first.
    const paths = new Map(all.map(({ uri }) => [uri, vscode.workspace.asRelativePath(uri)]));
    const folders = shortFolders([...paths.values()]);
    return all.flatMap(runbook => {
      const { uri } = runbook;
      const outline = filterOutline(runbook.outline, runbook.path, this.#filter);
      const folder = folders.get(paths.get(uri) ?? '') ?? '';
      return outline === undefined ? [] : [{ kind: 'file' as const, uri, runbook, outline, folder }];
    });
  }

  /** A heading is a row; cells above the first heading stand right below the file. */
  #rows(file: IndexedRunbook, { sections }: Outline): RunbookNode[] {
    return sections.flatMap((section): RunbookNode[] =>
      section.title === undefined ? this.#cells(file, section) : [{ kind: 'section', file, section }],
    );
  }

  #cells({ uri, outline }: IndexedRunbook, section: OutlineSection): RunbookNode[] {
    const results = this.#results.ofCells(uri.fsPath, outline);
    return section.cells.map(cell => ({ kind: 'cell', uri, cell, last: results.get(cell.index) }));
  }
}
