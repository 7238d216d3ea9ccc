import { isDeepStrictEqual } from 'node:util';
import type { ContainerRow, EngineRow, RowKind } from '../../protocol/containers';
import { containerRow, type ListedContainer, type Uses, usesOf } from './containerRow';

/** What is different. */
export interface RowChange {
  readonly rows: readonly EngineRow[];
  readonly gone: readonly { readonly kind: RowKind; readonly id: string }[];
}

type ObjectRow = Exclude<EngineRow, ContainerRow>;

/** All that is known of what one engine has, and who uses what. */
export class RowTable {
  readonly #rows: Record<RowKind, Map<string, EngineRow>> = {
    container: new Map(),
    image: new Map(),
    volume: new Map(),
    network: new Map(),
  };
  readonly #uses = new Map<string, Uses>();
  /** Containers by what they use: `image sha`, `volume name`, `network id`. */
  readonly #users = new Map<string, Set<string>>();
  /** When an event told of a container's last change of state. */
  readonly #since = new Map<string, number>();

  rows(kind: RowKind): readonly EngineRow[] {
    return [...this.#rows[kind].values()];
  }

  container(id: string): ContainerRow | undefined {
    return this.#rows.container.get(id) as ContainerRow | undefined;
  }

  /** An event told that a container's state changed then. */
  noteState(id: string, time: number): void {
    if (time >= (this.#since.get(id) ?? 0)) this.#since.set(id, time);
  }

  /** The engine's restart count of a container. */
  noteRestarts(id: string, restarts: number): RowChange {
    const row = this.container(id);
    if (row === undefined || row.restarts === restarts) return nothing;
    const changed = { ...row, restarts };
    this.#rows.container.set(id, changed);
    return { rows: [changed], gone: [] };
  }

  /** Takes a list of containers: of all there are, or of those asked for by `ids`. */
  takeContainers(
    listed: readonly ListedContainer[],
    ids: readonly string[] | undefined,
    now: number,
  ): RowChange {
    const changes = new Changes(this.#rows);
    const touched = new Set<string>();
    const seen = new Set<string>();
    for (const each of listed) {
      seen.add(each.Id);
      const before = this.container(each.Id);
      changes.put(containerRow(each, { before, exact: this.#since.get(each.Id), now }));
      this.#use(each.Id, usesOf(each), touched);
    }
    for (const id of ids ?? [...this.#rows.container.keys()]) {
      if (seen.has(id)) continue;
      changes.remove('container', id);
      this.#since.delete(id);
      this.#use(id, undefined, touched);
    }
    for (const row of this.#usedRows(touched)) changes.put(this.#withUsers(row));
    return changes.found;
  }

  /** The same of other things. */
  takeObjects(kind: ObjectRow['kind'], listed: readonly ObjectRow[], ids?: readonly string[]): RowChange {
    const changes = new Changes(this.#rows);
    const seen = new Set(listed.map(({ id }) => id));
    for (const row of listed) changes.put(this.#withUsers(row));
    for (const id of ids ?? [...this.#rows[kind].keys()]) if (!seen.has(id)) changes.remove(kind, id);
    return changes.found;
  }

  #use(id: string, uses: Uses | undefined, touched: Set<string>): void {
    const before = keysOf(this.#uses.get(id));
    const after = keysOf(uses);
    if (uses === undefined) this.#uses.delete(id);
    else this.#uses.set(id, uses);
    for (const key of before) {
      if (after.has(key)) continue;
      const users = this.#users.get(key);
      users?.delete(id);
      if (users?.size === 0) this.#users.delete(key);
      touched.add(key);
    }
    for (const key of after) {
      if (before.has(key)) continue;
      this.#users.set(key, (this.#users.get(key) ?? new Set()).add(id));
      touched.add(key);
    }
  }

  #usedRows(touched: ReadonlySet<string>): ObjectRow[] {
    if (touched.size === 0) return [];
    const rows = (['image', 'volume', 'network'] as const).flatMap(kind => [...this.#rows[kind].values()]);
    return (rows as ObjectRow[]).filter(row => touched.has(keyOf(row)));
  }

  #withUsers<T extends ObjectRow>(row: T): T {
    return { ...row, usedBy: [...(this.#users.get(keyOf(row)) ?? [])].sort() };
  }
}

const nothing: RowChange = { rows: [], gone: [] };

/** Puts rows into the table and keeps those that were different. */
class Changes {
  readonly #rows: Readonly<Record<RowKind, Map<string, EngineRow>>>;
  readonly #found: { rows: EngineRow[]; gone: { kind: RowKind; id: string }[] } = { rows: [], gone: [] };

  constructor(rows: Readonly<Record<RowKind, Map<string, EngineRow>>>) {
    this.#rows = rows;
  }

  get found(): RowChange {
    return this.#found;
  }

  put(row: EngineRow): void {
    const before = this.#rows[row.kind].get(row.id);
    if (before !== undefined && isDeepStrictEqual(before, row)) return;
    this.#rows[row.kind].set(row.id, row);
    this.#found.rows.push(row);
  }

  remove(kind: RowKind, id: string): void {
    if (this.#rows[kind].delete(id)) this.#found.gone.push({ kind, id });
  }
}

function keyOf(row: ObjectRow): string {
  return `${row.kind} ${row.kind === 'image' ? row.id.replace(/^sha256:/, '') : row.id}`;
}

function keysOf(uses: Uses | undefined): Set<string> {
  if (uses === undefined) return new Set();
  const { image, volumes, networks } = uses;
  return new Set([
    `image ${image}`,
    ...volumes.map(name => `volume ${name}`),
    ...networks.map(id => `network ${id}`),
  ]);
}
