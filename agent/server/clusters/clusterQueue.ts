import type { Discovered } from '../../clusters/live/discoverKinds';
import type { TableNews } from '../../clusters/reflector/reflector';
import type { ClusterRow, clustersChanged, Column, TableState } from '../../protocol/clusters';
import type { ContextState } from '../../protocol/contexts';
import type { ParamsOf } from '../../protocol/message';
import { OneUnderWay } from '../oneUnderWay';

type Changes = ParamsOf<typeof clustersChanged>;
type ToldContext = Changes['contexts'][number];
type ToldTable = Changes['tables'][number];

/** The latest of one table that the client has not been told. */
interface PendingTable {
  state?: TableState;
  columns?: readonly Column[];
  more?: number;
  reset: boolean;
  complete: boolean;
  /** By uid; undefined: gone. */
  readonly rows: Map<string, ClusterRow | undefined>;
}

/** Rows of one notification, and characters that they have roughly. */
const mostRows = 1000;
const mostSize = 1024 * 1024;

interface Room {
  rows: number;
  size: number;
}

/**
 * What one client has still to be told of clusters. One notification is under way at a time, the next holds only the
 * latest of each row: a client that is slow costs one entry a row.
 */
export class ClusterQueue {
  readonly #send: (changes: Changes) => void;
  readonly #contexts = new Map<string, ToldContext>();
  readonly #tables = new Map<number, PendingTable>();
  readonly #delivery = new OneUnderWay(number => this.#flush(number));

  constructor(send: (changes: Changes) => void) {
    this.#send = send;
  }

  state(context: string, state: ContextState): void {
    this.#contexts.set(context, { ...this.#contexts.get(context), context, state });
    this.#delivery.schedule();
  }

  kinds(context: string, { kinds, downGroups }: Discovered): void {
    const more = { kinds: [...kinds], downGroups: [...downGroups] };
    this.#contexts.set(context, { ...this.#contexts.get(context), context, ...more });
    this.#delivery.schedule();
  }

  table(table: number, news: TableNews): void {
    const { state, columns, more, rows = [], gone = [], reset = false, complete = false } = news;
    const entry: PendingTable = this.#tables.get(table) ?? { reset: false, complete: false, rows: new Map() };
    this.#tables.set(table, entry);
    if (reset) {
      entry.rows.clear();
      entry.reset = true;
      entry.complete = false;
    }
    if (state !== undefined) entry.state = state;
    if (columns !== undefined) entry.columns = columns;
    if (more !== undefined) entry.more = more;
    entry.complete ||= complete;
    for (const row of rows) entry.rows.set(row.uid, row);
    for (const uid of gone) entry.rows.set(uid, undefined);
    this.#delivery.schedule();
  }

  /** The client no longer wants to know. */
  forgetContext(context: string): void {
    this.#contexts.delete(context);
  }

  forgetTable(table: number): void {
    this.#tables.delete(table);
  }

  /** The client has dealt with notification `number`. */
  acknowledge(number: number): void {
    this.#delivery.acknowledge(number);
  }

  close(): void {
    this.#delivery.close();
    this.#contexts.clear();
    this.#tables.clear();
  }

  #flush(number: number): boolean {
    if (this.#contexts.size === 0 && this.#tables.size === 0) return false;
    const room = { rows: mostRows, size: mostSize };
    const contexts = [...this.#contexts.values()];
    this.#contexts.clear();
    const tables: ToldTable[] = [];
    for (const [table, entry] of this.#tables) {
      if (room.rows <= 0 || room.size <= 0) break;
      // Those behind it have their turn before its rest.
      this.#tables.delete(table);
      tables.push({ table, ...takeFrom(entry, room) });
      if (entry.rows.size > 0) this.#tables.set(table, entry);
    }
    this.#send({ number, contexts, tables });
    return true;
  }
}

/** As much as there is room for; that all was told is said with the last of it. */
function takeFrom(entry: PendingTable, room: Room): Omit<ToldTable, 'table'> {
  const rows: ClusterRow[] = [];
  const gone: string[] = [];
  for (const [uid, row] of entry.rows) {
    if (room.rows <= 0 || room.size <= 0) break;
    entry.rows.delete(uid);
    room.rows -= 1;
    room.size -= roughSize(row);
    if (row === undefined) gone.push(uid);
    else rows.push(row);
  }
  const isAll = entry.rows.size === 0;
  const { state, columns, more, reset, complete } = entry;
  const isTold = state !== undefined && (isAll || state.kind !== 'live');
  if (isTold) delete entry.state;
  delete entry.columns;
  delete entry.more;
  entry.reset = false;
  if (isAll) entry.complete = false;
  return {
    ...(isTold && { state }),
    ...(columns && { columns: [...columns] }),
    ...(more !== undefined && { more }),
    reset,
    complete: isAll && complete,
    rows,
    gone,
  };
}

function roughSize(row: ClusterRow | undefined): number {
  if (row === undefined) return 50;
  const cells = row.cells.reduce<number>(
    (sum, cell) => sum + (typeof cell === 'string' ? cell.length : 8),
    0,
  );
  return 250 + cells + (row.problem?.message.length ?? 0);
}
