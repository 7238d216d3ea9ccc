import type { ContainerRow, EngineRow, RowKind } from '../../../agent/protocol/containers';
import type { Endpoint } from '../../../agent/protocol/endpoints';
import type { FoundEndpoints } from '../../agent/engineFeed';
import type { EngineMirror } from '../../agent/engineMirror';
import { commands } from '../../commands/names';
import { inPages, type Rows } from '../inPages';
import {
  bundleNode,
  objectNode,
  sectionNode,
  type BundleNode,
  type ContainerNode,
  type MessageNode,
  type SectionNode,
} from './containerNode';
import {
  belongs,
  chosenContainers,
  matches,
  topLevel,
  withinBundle,
  type Placed,
  type TreeChoice,
} from './containerTree';
import { countsText } from './containerWords';
import { sectionCounts } from './sectionWords';
import { objectName } from './objectWords';

/** What is known of engines; the window's feed, or data of a test. */
export interface KnownEngines {
  readonly found: FoundEndpoints | undefined;
  readonly failure: string | undefined;
  /** Whether the agent is there. */
  readonly isLive: boolean;
  endpoint(id: string): Endpoint | undefined;
  mirror(endpoint: string): EngineMirror | undefined;
}

/** The Containers view as data: which rows there are, of what is known and what a person chose to see. */
export class ContainerModel {
  readonly #engines: KnownEngines;
  readonly #choice: () => TreeChoice;
  readonly #ordered = new Map<
    string,
    { mirror: EngineMirror; version: number; choice: TreeChoice; rows: ContainerRow[] }
  >();

  constructor(engines: KnownEngines, choice: () => TreeChoice) {
    this.#engines = engines;
    this.#choice = choice;
  }

  /** Whether what is known of an engine is so now. */
  isLive(endpoint: string): boolean {
    return this.#engines.isLive && this.#engines.mirror(endpoint)?.state.kind === 'connected';
  }

  /** What stands below an engine's row. `connected`: whether a person wants it to be. */
  inEndpoint(id: string, connected = true): ContainerNode[] {
    const endpoint = this.#engines.endpoint(id);
    if (endpoint === undefined) return [];
    const sections =
      this.#engines.mirror(id)?.knows('container') === true ? kinds.map(kind => sectionNode(id, kind)) : [];
    if (!connected) return [notConnected(id)];
    return [...troubleRows(endpoint, sections.length === 0), ...sections];
  }

  /** What stands below *Containers*, *Images* … */
  inSection({ id, endpoint, of }: SectionNode): Rows<ContainerNode> {
    const mirror = this.#engines.mirror(endpoint);
    if (mirror?.knows(of) !== true) return [reading(id, endpoint, mirror?.state.kind === 'connected')];
    const nodes = of === 'container' ? this.#containers(endpoint) : this.#objects(endpoint, of);
    if (nodes.length > 0) return inPages(nodes, id);
    return [this.#nothing(id, endpoint, mirror.rows(of).size)];
  }

  inBundle(node: BundleNode): Rows<ContainerNode> {
    return inPages(
      withinBundle(this.containersOf(node), node.by).map(placed => nodeOf(node.endpoint, placed)),
      node.id,
    );
  }

  /** The containers of a bundle that a person wants to see, in order. */
  containersOf({ endpoint, by }: BundleNode): ContainerRow[] {
    return this.#chosen(endpoint).filter(row => belongs(row, by));
  }

  /** `12 running · 3 stopped`; undefined where nothing is known. */
  counts(endpoint: string): string | undefined {
    const mirror = this.#engines.mirror(endpoint);
    return mirror?.knows('container') === true ? countsText(mirror.rows('container').values()) : undefined;
  }

  sectionDescription({ endpoint, of }: SectionNode): string {
    const mirror = this.#engines.mirror(endpoint);
    if (mirror?.knows(of) !== true) return '';
    const all = [...mirror.rows(of).values()];
    const { filter, hideStopped } = this.#choice();
    const shown =
      of === 'container' ? this.#chosen(endpoint).length : all.filter(row => matches(row, filter)).length;
    return sectionCounts(of, all, { shown, filter, hideStopped });
  }

  /** Names of containers by their ids; of those that are not known the id. */
  containerNames(endpoint: string, ids: readonly string[]): string[] {
    const rows = this.#engines.mirror(endpoint)?.rows('container');
    return ids.map(id => rows?.get(id)?.name ?? id.slice(0, 12));
  }

  /** Sorted once for each state of things: every group of a long list asks for it. */
  #chosen(endpoint: string): ContainerRow[] {
    const mirror = this.#engines.mirror(endpoint);
    if (mirror === undefined) return [];
    const [known, choice] = [this.#ordered.get(endpoint), this.#choice()];
    if (known?.mirror === mirror && known.version === mirror.version && known.choice === choice)
      return known.rows;
    const rows = chosenContainers(mirror.rows('container').values(), choice);
    this.#ordered.set(endpoint, { mirror, version: mirror.version, choice, rows });
    return rows;
  }

  #containers(endpoint: string): ContainerNode[] {
    return topLevel(this.#chosen(endpoint), this.#choice().grouping).map(placed => nodeOf(endpoint, placed));
  }

  #objects(endpoint: string, kind: Exclude<RowKind, 'container'>): ContainerNode[] {
    const rows = [...(this.#engines.mirror(endpoint)?.rows(kind).values() ?? [])];
    return rows
      .filter(row => matches(row, this.#choice().filter))
      .sort((a, b) => orderOf(a) - orderOf(b) || collator.compare(objectName(a), objectName(b)))
      .map(row => objectNode(endpoint, kind, row.id));
  }

  #nothing(id: string, endpoint: string, known: number): MessageNode {
    const { filter, hideStopped } = this.#choice();
    const base = { kind: 'message', id: `${id}/nothing`, endpoint } as const;
    if (known === 0) return { ...base, text: 'None' };
    if (filter !== '') {
      const command = { command: commands.clearContainerFilter, title: 'Show All' };
      return {
        ...base,
        text: `Nothing matches “${filter}”.`,
        description: 'Show all',
        icon: 'filter-filled',
        command,
      };
    }
    const command = { command: commands.showStopped, title: 'Show Stopped' };
    return {
      ...base,
      text: hideStopped ? `${String(known)} stopped are hidden.` : 'None',
      description: 'Show them',
      icon: 'eye',
      command,
    };
  }
}

const kinds: readonly RowKind[] = ['container', 'image', 'volume', 'network'];
const collator = new Intl.Collator('en', { numeric: true });

function nodeOf(endpoint: string, placed: Placed): ContainerNode {
  return placed.kind === 'bundle'
    ? bundleNode(endpoint, placed.by)
    : objectNode(endpoint, 'container', placed.row.id);
}

/** Images without a name come last. */
function orderOf(row: EngineRow): number {
  return row.kind === 'image' && row.tags.length === 0 ? 1 : 0;
}

function notConnected(endpoint: string): MessageNode {
  const command = { command: commands.retryEndpoint, title: 'Connect', arguments: [{ endpoint }] };
  return {
    kind: 'message',
    id: `${endpoint}/let-go`,
    endpoint,
    text: 'Not connected.',
    description: 'Connect',
    icon: 'plug',
    command,
  };
}

function reading(id: string, endpoint: string, connected: boolean): MessageNode {
  const text = connected ? 'Reading…' : 'Waiting for the engine…';
  return { kind: 'message', id: `${id}/reading`, endpoint, text, icon: 'clock' };
}

/** What there is to say before, or in place of, what an engine has. */
function troubleRows({ id, address, state }: Endpoint, nothingElse: boolean): MessageNode[] {
  const base = { kind: 'message', id: `${id}/state`, endpoint: id } as const;
  switch (state.kind) {
    case 'connected':
      return nothingElse ? [{ ...base, text: 'Reading containers…', icon: 'clock' }] : [];
    case 'idle':
    case 'connecting':
      return nothingElse ? [{ ...base, text: `Connecting to ${address}…`, icon: 'clock' }] : [];
    case 'failed':
      return [
        {
          ...base,
          text: state.message,
          icon: 'warning',
          tooltip: [state.message, state.hint ?? ''].join('\n').trim(),
        },
        ...(state.hint === undefined
          ? []
          : [{ ...base, id: `${id}/hint`, text: state.hint, icon: 'lightbulb' }]),
      ];
  }
}
