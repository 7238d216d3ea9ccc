import type { EngineRow, engineChanged, RowKind } from '../../agent/protocol/containers';
import type { EndpointState } from '../../agent/protocol/endpoints';
import type * as z from 'zod';

/** What the agent told about one engine. */
export type EngineNews = z.output<(typeof engineChanged)['params']>['engines'][number];

/** A row, by what identifies it within an engine. */
export interface RowKey {
  readonly kind: RowKind;
  readonly id: string;
}

/** What is different after {@link EngineMirror.take}. */
export interface EngineChange {
  readonly endpoint: string;
  /** State or completeness: all that depends on the engine as a whole. */
  readonly whole: boolean;
  readonly rows: readonly RowKey[];
}

type RowOf<K extends RowKind> = Extract<EngineRow, { kind: K }>;

interface KindRows {
  readonly rows: Map<string, EngineRow>;
  complete: boolean;
  /** While all rows are told anew: those that have been. */
  retold: Set<string> | undefined;
}

/**
 * One engine as the agent tells of it. While all of a kind is told anew, what was known before stays until it is
 * clear what is gone: a list that is read again does not blink.
 */
export class EngineMirror {
  readonly endpoint: string;
  state: EndpointState;
  /** Raised with each change of rows. */
  version = 0;
  readonly #kinds = new Map<RowKind, KindRows>();

  constructor(endpoint: string, state: EndpointState = { kind: 'idle' }) {
    this.endpoint = endpoint;
    this.state = state;
  }

  /** Whether all rows of a kind have been told at least once. */
  knows(kind: RowKind): boolean {
    return this.#kinds.get(kind)?.complete ?? false;
  }

  rows<K extends RowKind>(kind: K): ReadonlyMap<string, RowOf<K>> {
    // What is kept under a kind is of that kind.
    return this.#of(kind).rows as Map<string, RowOf<K>>;
  }

  take({ state, reset, complete, rows, gone }: EngineNews): EngineChange {
    const changed: RowKey[] = [];
    if (state !== undefined) this.state = state;
    for (const kind of reset) this.#of(kind).retold = new Set();
    for (const row of rows) this.#keep(row, changed);
    for (const { kind, id } of gone) {
      const known = this.#of(kind);
      known.retold?.delete(id);
      if (known.rows.delete(id)) changed.push({ kind, id });
    }
    for (const kind of complete) this.#complete(kind, changed);
    const whole = state !== undefined || complete.length > 0;
    if (changed.length > 0 || complete.length > 0) this.version++;
    return { endpoint: this.endpoint, whole, rows: changed };
  }

  #keep(row: EngineRow, changed: RowKey[]): void {
    const known = this.#of(row.kind);
    known.rows.set(row.id, row);
    known.retold?.add(row.id);
    changed.push({ kind: row.kind, id: row.id });
  }

  #complete(kind: RowKind, changed: RowKey[]): void {
    const known = this.#of(kind);
    const { retold } = known;
    known.complete = true;
    known.retold = undefined;
    if (retold === undefined) return;
    for (const id of [...known.rows.keys()]) {
      if (retold.has(id)) continue;
      known.rows.delete(id);
      changed.push({ kind, id });
    }
  }

  #of(kind: RowKind): KindRows {
    let known = this.#kinds.get(kind);
    if (known === undefined) {
      known = { rows: new Map(), complete: false, retold: undefined };
      this.#kinds.set(kind, known);
    }
    return known;
  }
}
