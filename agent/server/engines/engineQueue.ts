import type { EngineRow, engineChanged, RowKind } from '../../protocol/containers';
import type { EndpointState } from '../../protocol/endpoints';
import type { ParamsOf } from '../../protocol/message';
import { OneUnderWay } from '../oneUnderWay';

type Changes = ParamsOf<typeof engineChanged>;
type Told = Changes['engines'][number];
type Gone = Told['gone'][number];

/** What an engine's observer is told. */
interface RowChange {
  readonly rows: readonly EngineRow[];
  readonly gone: readonly Gone[];
  readonly reset?: readonly RowKind[];
  readonly complete?: readonly RowKind[];
}

/** The latest of one engine that the client has not been told. */
interface Pending {
  state: EndpointState | undefined;
  readonly reset: Set<RowKind>;
  readonly complete: Set<RowKind>;
  /** By kind and id, in the order in which they were first told. */
  readonly rows: Map<string, EngineRow | Gone>;
}

/** Rows of one notification, and characters that they have roughly. */
const mostRows = 1000;
const mostSize = 1024 * 1024;

/**
 * What one client has still to be told of engines. One notification is under way at a time, the next holds only the
 * latest of each row: a client that is slow costs one entry a row.
 */
export class EngineQueue {
  readonly #send: (changes: Changes) => void;
  readonly #pending = new Map<string, Pending>();
  readonly #delivery = new OneUnderWay(number => this.#flush(number));

  constructor(send: (changes: Changes) => void) {
    this.#send = send;
  }

  state(endpoint: string, state: EndpointState): void {
    this.#entry(endpoint).state = state;
    this.#delivery.schedule();
  }

  rows(endpoint: string, { rows, gone, reset = [], complete = [] }: RowChange): void {
    const entry = this.#entry(endpoint);
    for (const kind of reset) this.#reset(entry, kind);
    for (const row of rows) entry.rows.set(`${row.kind} ${row.id}`, row);
    for (const { kind, id } of gone) entry.rows.set(`${kind} ${id}`, { kind, id });
    for (const kind of complete) entry.complete.add(kind);
    this.#delivery.schedule();
  }

  /** The client no longer wants to know. */
  forget(endpoint: string): void {
    this.#pending.delete(endpoint);
  }

  /** The client has dealt with notification `number`. */
  acknowledge(number: number): void {
    this.#delivery.acknowledge(number);
  }

  close(): void {
    this.#delivery.close();
    this.#pending.clear();
  }

  #reset(entry: Pending, kind: RowKind): void {
    for (const [key, row] of entry.rows) if (row.kind === kind) entry.rows.delete(key);
    entry.reset.add(kind);
    entry.complete.delete(kind);
  }

  #entry(endpoint: string): Pending {
    const entry = this.#pending.get(endpoint) ?? {
      state: undefined,
      reset: new Set<RowKind>(),
      complete: new Set<RowKind>(),
      rows: new Map<string, EngineRow | Gone>(),
    };
    this.#pending.set(endpoint, entry);
    return entry;
  }

  #flush(number: number): boolean {
    if (this.#pending.size === 0) return false;
    const room = { rows: mostRows, size: mostSize };
    const engines: Told[] = [];
    for (const [endpoint, entry] of this.#pending) {
      if (room.rows <= 0 || room.size <= 0) break;
      engines.push({ endpoint, ...takeFrom(entry, room) });
      if (entry.rows.size === 0) this.#pending.delete(endpoint);
    }
    this.#send({ number, engines });
    return true;
  }
}

/** As much as there is room for; that all of a kind was told is said with the last of it. */
function takeFrom(entry: Pending, room: { rows: number; size: number }): Omit<Told, 'endpoint'> {
  const rows: EngineRow[] = [];
  const gone: Gone[] = [];
  for (const [key, row] of entry.rows) {
    if (room.rows <= 0 || room.size <= 0) break;
    entry.rows.delete(key);
    room.rows -= 1;
    room.size -= roughSize(row);
    if (isRow(row)) rows.push(row);
    else gone.push(row);
  }
  const { state } = entry;
  const reset = [...entry.reset];
  const complete = entry.rows.size === 0 ? [...entry.complete] : [];
  entry.state = undefined;
  entry.reset.clear();
  if (entry.rows.size === 0) entry.complete.clear();
  return { ...(state !== undefined && { state }), reset, complete, rows, gone };
}

function isRow(row: EngineRow | Gone): row is EngineRow {
  return Object.keys(row).length > 2;
}

function roughSize(row: EngineRow | Gone): number {
  if (!isRow(row)) return 100;
  if (row.kind !== 'container') return 300 + row.usedBy.length * 70;
  return Object.entries(row.labels).reduce((sum, [name, value]) => sum + name.length + value.length + 8, 600);
}
