import type { ClusterRow } from '../../protocol/clusters';

/** Rows that a table holds at most. */
export const mostRows = 50_000;

/** What is different. */
export interface RowChange {
  readonly rows: readonly ClusterRow[];
  /** Uids. */
  readonly gone: readonly string[];
}

/** The rows of a table, each with the version of its object, by which it is known to be the same. */
export class TableRows {
  readonly #rows = new Map<string, { row: ClusterRow; version: string }>();
  #listed: Set<string> | undefined;
  #left = 0;

  get all(): readonly ClusterRow[] {
    return [...this.#rows.values()].map(({ row }) => row);
  }

  /** Rows that are there and were not taken, for there were too many. */
  get more(): number {
    return this.#left;
  }

  /** From now on all that is there is put; what was not by {@link endList} has gone. */
  beginList(): void {
    this.#listed = new Set();
    this.#left = 0;
  }

  /** Whether the row is another one than before; `version` as the object has it. */
  put(row: ClusterRow, version: string): boolean {
    const before = this.#rows.get(row.uid);
    if (before === undefined && this.#rows.size >= mostRows) {
      this.#left += 1;
      return false;
    }
    this.#listed?.add(row.uid);
    if (before?.version === version && version !== '') return false;
    this.#rows.set(row.uid, { row, version });
    return true;
  }

  /** Puts what was learnt of an object beyond its row, unless that has changed meanwhile. */
  refine(row: ClusterRow, version: string): boolean {
    if (this.#rows.get(row.uid)?.version !== version) return false;
    this.#rows.set(row.uid, { row, version });
    return true;
  }

  remove(uid: string): boolean {
    return this.#rows.delete(uid);
  }

  /** Uids of what has gone since the list before. */
  endList(): string[] {
    const listed = this.#listed;
    this.#listed = undefined;
    if (listed === undefined) return [];
    const gone = [...this.#rows.keys()].filter(uid => !listed.has(uid));
    for (const uid of gone) this.#rows.delete(uid);
    return gone;
  }

  clear(): void {
    this.#rows.clear();
    this.#listed = undefined;
    this.#left = 0;
  }
}
