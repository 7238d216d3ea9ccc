import type { AgentConnection } from '../../../agent/client/connection';
import {
  ackClusters,
  type ClusterRow,
  clustersChanged,
  type Column,
  type Kind,
  type TableState,
  unwatchTable,
  watchTable,
} from '../../../agent/protocol/clusters';
import { type Context, type ContextState, listContexts } from '../../../agent/protocol/contexts';
import { waitFor } from '../waitFor';

/** A table as a client has been told of it. */
export interface MirroredTable {
  states: TableState[];
  columns: readonly Column[];
  readonly rows: Map<string, ClusterRow>;
  isComplete: boolean;
  /** How many rows were told, the same one again counted again. */
  told: number;
  resets: number;
}

/** A client that keeps what it is told of clusters, as an editor does. */
export class ClusterClient {
  readonly connection: AgentConnection;
  readonly states = new Map<string, ContextState[]>();
  readonly kinds = new Map<string, readonly Kind[]>();
  readonly downGroups = new Map<string, readonly string[]>();
  readonly tables = new Map<number, MirroredTable>();
  #last = 0;

  constructor(connection: AgentConnection) {
    this.connection = connection;
    connection.on(clustersChanged, ({ number, contexts, tables }) => {
      for (const { context, state, kinds, downGroups } of contexts) {
        if (state !== undefined) this.states.set(context, [...(this.states.get(context) ?? []), state]);
        if (kinds !== undefined) this.kinds.set(context, kinds);
        if (downGroups !== undefined)
          this.downGroups.set(
            context,
            downGroups.map(({ group }) => group),
          );
      }
      for (const { table, state, columns, reset, complete, rows, gone } of tables) {
        const known = this.tables.get(table) ?? fresh();
        this.tables.set(table, known);
        if (reset) {
          known.rows.clear();
          known.isComplete = false;
          known.resets += 1;
        }
        if (columns !== undefined) known.columns = columns;
        for (const row of rows) known.rows.set(row.uid, row);
        for (const uid of gone) known.rows.delete(uid);
        known.told += rows.length;
        if (complete) known.isComplete = true;
        if (state !== undefined) known.states.push(state);
      }
      connection.notify(ackClusters, { number });
    });
  }

  async list(environment: Readonly<Record<string, string>>): Promise<readonly Context[]> {
    return (await this.connection.request(listContexts, { environment })).contexts;
  }

  /** Watches a table and gives it, filled or not. */
  async watch(context: string, kind: string, namespace?: string): Promise<MirroredTable> {
    const table = ++this.#last;
    const mirrored = fresh();
    this.tables.set(table, mirrored);
    await this.connection.request(watchTable, {
      table,
      context,
      kind,
      ...(namespace !== undefined && { namespace }),
    });
    return mirrored;
  }

  async unwatch(mirrored: MirroredTable): Promise<void> {
    for (const [table, each] of this.tables)
      if (each === mirrored) await this.connection.request(unwatchTable, { table });
  }
}

function fresh(): MirroredTable {
  return { states: [], columns: [], rows: new Map(), isComplete: false, told: 0, resets: 0 };
}

/** The row of a name, once there is one for which `is` holds. */
export function rowOf(
  table: MirroredTable,
  name: string,
  is: (row: ClusterRow) => boolean = () => true,
): Promise<ClusterRow> {
  return waitFor(
    `row ${name}`,
    () => [...table.rows.values()].find(row => row.name === name && is(row)),
    30_000,
  );
}

/** The state of a table, once it is of a kind. */
export function stateOf<K extends TableState['kind']>(
  table: MirroredTable,
  kind: K,
): Promise<Extract<TableState, { kind: K }>> {
  const find = (): Extract<TableState, { kind: K }> | undefined => {
    const last = table.states.at(-1);
    return last?.kind === kind ? (last as Extract<TableState, { kind: K }>) : undefined;
  };
  return waitFor(`the table to be ${kind}`, find, 30_000);
}
