import type { EngineRow, RowKind } from '../../../../agent/protocol/containers';
import type { EndpointState } from '../../../../agent/protocol/endpoints';
import type { FoundEndpoint } from '../../../../agent/containers/endpoints/foundEndpoint';
import { EngineConnection } from '../../../../agent/containers/engine/connection';
import { LiveEngine } from '../../../../agent/containers/live/liveEngine';
import { waitFor } from '../../../support/waitFor';

/** An endpoint at an address, as a search gives it. */
export function endpointAt(address: string, more: Partial<FoundEndpoint> = {}): FoundEndpoint {
  return {
    id: 'environment',
    name: 'docker',
    source: 'environment',
    address,
    current: true,
    env: {},
    ...more,
  };
}

/** What somebody sees who watches an engine. */
export class WatchedEngine implements Disposable {
  readonly live: LiveEngine;
  readonly connection: EngineConnection;
  readonly states: EndpointState[] = [];
  readonly rows = new Map<string, EngineRow>();
  readonly complete = new Set<RowKind>();
  readonly bugs: unknown[] = [];
  /** How many rows were told, again or for the first time. */
  told = 0;

  constructor(
    endpoint: FoundEndpoint,
    kinds: readonly RowKind[] = ['container', 'image', 'volume', 'network'],
  ) {
    this.connection = new EngineConnection(endpoint);
    this.live = new LiveEngine(this.connection, error => this.bugs.push(error));
    const watch = this.live.watch({
      state: state => void this.states.push(state),
      rows: ({ rows, gone, complete = [], reset = [] }) => {
        for (const [key, { kind }] of this.rows) if (reset.includes(kind)) this.rows.delete(key);
        for (const row of rows) this.rows.set(`${row.kind} ${row.id}`, row);
        for (const { kind, id } of gone) this.rows.delete(`${kind} ${id}`);
        for (const kind of complete) this.complete.add(kind);
        this.told += rows.length + gone.length;
      },
    });
    watch.add(kinds);
  }

  get state(): EndpointState {
    return this.live.state;
  }

  all<K extends RowKind>(kind: K): Extract<EngineRow, { kind: K }>[] {
    return [...this.rows.values()].filter(row => row.kind === kind) as Extract<EngineRow, { kind: K }>[];
  }

  container(name: string): Extract<EngineRow, { kind: 'container' }> | undefined {
    return this.all('container').find(row => row.name === name);
  }

  /** Waits until the engine is in a state. */
  is(kind: EndpointState['kind'], deadline = 20_000): Promise<unknown> {
    return waitFor(`the engine to be ${kind}`, () => this.state.kind === kind, deadline).catch(
      (error: unknown) => {
        throw new Error(`${String(error)}: it is ${JSON.stringify(this.state)}`);
      },
    );
  }

  [Symbol.dispose](): void {
    this.live.close();
  }
}
