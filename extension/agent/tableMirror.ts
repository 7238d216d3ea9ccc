import type { ClusterRow, clustersChanged, Column, TableState } from '../../agent/protocol/clusters';
import type { ParamsOf } from '../../agent/protocol/message';

/** What the agent told about one table. */
export type TableNews = ParamsOf<typeof clustersChanged>['tables'][number];

/**
 * One table of a cluster as the agent tells of it. While all is told anew, what was known stays until it is clear what
 * is gone: a list that is read again does not blink.
 */
export class TableMirror {
  state: TableState = { kind: 'loading', since: Date.now() };
  columns: readonly Column[] = [];
  /** Rows beyond the most that are told. */
  more = 0;
  /** Whether all rows have been told at least once. */
  complete = false;
  /** Another number whenever a row came or went, not where one only says something else. */
  members = 0;
  readonly #rows = new Map<string, ClusterRow>();
  #retold: Set<string> | undefined;

  /** By uid. */
  get rows(): ReadonlyMap<string, ClusterRow> {
    return this.#rows;
  }

  /** More than a view shows has come, and not yet all: to draw it with each page keeps VS Code from drawing at all. */
  get isFilling(): boolean {
    return !this.complete && this.#rows.size > 1000;
  }

  take({ state, columns, reset, complete, rows, gone, more }: TableNews): void {
    if (state !== undefined) this.#enter(state);
    if (columns !== undefined) this.columns = columns;
    if (more !== undefined) this.more = more;
    if (reset) this.#retold = new Set();
    for (const row of rows) {
      if (!this.#rows.has(row.uid)) this.members += 1;
      this.#rows.set(row.uid, row);
      this.#retold?.add(row.uid);
    }
    for (const uid of gone) this.#delete(uid);
    if (complete) this.#complete();
  }

  #enter(state: TableState): void {
    this.state = state;
    // Nobody may see them any more, or they are no more.
    if (state.kind !== 'forbidden' && state.kind !== 'gone') return;
    this.#rows.clear();
    this.members += 1;
  }

  #complete(): void {
    this.complete = true;
    const retold = this.#retold;
    this.#retold = undefined;
    if (retold === undefined) return;
    for (const uid of [...this.#rows.keys()]) if (!retold.has(uid)) this.#delete(uid);
  }

  #delete(uid: string): void {
    if (this.#rows.delete(uid)) this.members += 1;
  }
}
