import * as vscode from 'vscode';
import { listReleases, type HelmRelease } from '../../../agent/protocol/clusterHelm';
import type { AgentClient } from '../../agent/agentClient';
import { errorText } from '../../agent/errorText';
import type { TableMirror } from '../../agent/tableMirror';
import type { ReleaseNode } from './clusterNode';

/** What is known of the releases of a namespace. */
export interface KnownReleases {
  readonly releases: readonly HelmRelease[];
  /** Why they could not be read, or not all of them. */
  readonly problems: readonly string[];
}

interface Place {
  readonly context: string;
  readonly namespace: string;
}

interface Asked {
  readonly context: string;
  /** Of the records that there were when it was asked last. */
  records: string;
  isAsking: boolean;
  known: KnownReleases | undefined;
}

/** The releases of the namespaces that are looked at, asked for when their records are others than before. */
export class HelmReleases implements vscode.Disposable {
  readonly #agent: AgentClient;
  readonly #asked = new Map<string, Asked>();
  readonly #changed = new vscode.EventEmitter<Place>();

  readonly onDidChange = this.#changed.event;

  constructor(agent: AgentClient) {
    this.#agent = agent;
  }

  /** Undefined until they have been told. */
  of(context: string, namespace: string): KnownReleases | undefined {
    return this.#asked.get(keyOf({ context, namespace }))?.known;
  }

  find({ context, namespace, release }: ReleaseNode): HelmRelease | undefined {
    return this.of(context, namespace)?.releases.find(({ name }) => name === release);
  }

  /** All that are known. */
  *all(): Iterable<{ readonly context: string; readonly release: HelmRelease }> {
    for (const { context, known } of this.#asked.values())
      for (const release of known?.releases ?? []) yield { context, release };
  }

  /** `tables`: where Helm keeps its records, as they are now. */
  look(place: Place, tables: readonly (TableMirror | undefined)[]): void {
    if (!tables.every(table => table !== undefined && (table.complete || table.state.kind !== 'loading')))
      return;
    const records = recordsIn(tables);
    const key = keyOf(place);
    const asked = this.#asked.get(key) ?? {
      context: place.context,
      records: '',
      isAsking: false,
      known: undefined,
    };
    this.#asked.set(key, asked);
    if (asked.records === records || asked.isAsking) return;
    asked.records = records;
    asked.isAsking = true;
    void this.#ask(place, asked).finally(() => {
      asked.isAsking = false;
      this.#changed.fire(place);
    });
  }

  /** What the cluster had is not known any more. */
  forget(context: string): void {
    for (const [key, asked] of this.#asked) if (asked.context === context) this.#asked.delete(key);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #ask(place: Place, asked: Asked): Promise<void> {
    try {
      asked.known = await this.#agent.request(listReleases, place);
    } catch (error) {
      // Asked again once the tables, and how they are, tell otherwise.
      asked.known = { releases: asked.known?.releases ?? [], problems: [errorText(error)] };
    }
  }
}

/** A text that is another one when a record came, went, or is of another status. */
function recordsIn(tables: readonly (TableMirror | undefined)[]): string {
  const all = tables.flatMap(table => [
    table?.state.kind ?? '',
    ...[...(table?.rows.values() ?? [])].flatMap(({ uid, labels }) =>
      labels?.['owner'] === 'helm' ? [`${uid} ${labels['status'] ?? ''}`] : [],
    ),
  ]);
  return JSON.stringify(all);
}

function keyOf({ context, namespace }: Place): string {
  return JSON.stringify([context, namespace]);
}
