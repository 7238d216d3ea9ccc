import type { ContainerRow, EngineRow, RowKind } from '../../../agent/protocol/containers';
import type { Endpoint } from '../../../agent/protocol/endpoints';
import type { EngineFeed } from '../../agent/engineFeed';
import type { ContainerModel } from '../../views/containers/containerModel';
import type { ContainerNode } from '../../views/containers/containerNode';
import { containerDescription } from '../../views/containers/containerWords';
import {
  imageDescription,
  imageName,
  networkDescription,
  volumeDescription,
} from '../../views/containers/objectWords';
import { projectsOf } from './projects';
import { pick, pickMany } from '../../quickInput';
import { targetOfBundle, targetOfContainer } from './targetOf';

/** A thing of an engine that a command acts on. */
export interface Target<R extends EngineRow = EngineRow> {
  readonly endpoint: string;
  readonly row: R;
}

/** An answer that a person need not give. */
const patience = 10_000;

/** Finds out what a command means: the rows that were chosen in the view, else what a person picks from a list. */
export class Targets {
  readonly #feed: EngineFeed;
  readonly #model: ContainerModel;

  constructor(feed: EngineFeed, model: ContainerModel) {
    this.#feed = feed;
    this.#model = model;
  }

  /** Containers; groups stand for those in them. Of several that were chosen only those that `fit` are taken. */
  async containers(
    [first, all]: readonly [unknown, unknown],
    title: string,
    fits: (row: ContainerRow) => boolean,
  ): Promise<Target<ContainerRow>[]> {
    const nodes = nodesOf(first, all);
    if (nodes.length === 0) return this.#pick('container', title, fits);
    const chosen = nodes.flatMap(node => this.#containersOf(node));
    const fitting = unique(chosen).filter(({ row }) => fits(row));
    // One that does not fit is tried as well: the engine says best why not.
    return fitting.length > 0 ? fitting : unique(chosen);
  }

  /** One container. */
  async container(
    first: unknown,
    title: string,
    fits: (row: ContainerRow) => boolean,
  ): Promise<Target<ContainerRow> | undefined> {
    const [found] = nodesOf(first, undefined).flatMap(node => this.#containersOf(node));
    return found ?? (await this.#pick('container', title, fits, false))[0];
  }

  /** What `target=` of a cell has to say for a container, or for a service. */
  async cellTarget(first: unknown, title: string): Promise<string | undefined> {
    const [node] = nodesOf(first, undefined);
    if (node !== undefined) return this.targetOfRow(node);
    const found = await this.container(first, title, ({ state }) => state === 'running');
    return found && this.#targetOf(found);
  }

  /** The same for a row of the view; undefined where it is nothing that a cell can run in. */
  targetOfRow(node: ContainerNode): string | undefined {
    const endpoint = node.endpoint === undefined ? undefined : this.#feed.endpoint(node.endpoint);
    if (node.kind === 'bundle') return endpoint && targetOfBundle(node.by, endpoint);
    const [found] = this.#containersOf(node);
    return found && this.#targetOf(found);
  }

  #targetOf({ endpoint, row }: Target<ContainerRow>): string | undefined {
    const own = this.#feed.endpoint(endpoint);
    if (own === undefined) return undefined;
    // Its service is still there when compose has made another container for it.
    const { project, service } = row;
    const isOnly =
      project !== undefined && service !== undefined && this.#ofService(endpoint, row).length === 1;
    return (isOnly ? targetOfBundle({ project, service }, own) : undefined) ?? targetOfContainer(row, own);
  }

  #ofService(endpoint: string, { project, service }: ContainerRow): ContainerRow[] {
    const rows = this.#feed.mirror(endpoint)?.rows('container').values() ?? [];
    return [...rows].filter(row => row.project === project && row.service === service);
  }

  /** The compose project, or service of one, that one row alone stands for. */
  composeBundle(
    first: unknown,
    all: unknown,
  ): { endpoint: string; project: string; service?: string } | undefined {
    const [node, ...others] = nodesOf(first, all);
    if (node?.kind !== 'bundle' || others.length > 0 || 'label' in node.by) return undefined;
    return { endpoint: node.endpoint, ...node.by };
  }

  /** A compose project, or a service of one, that a person picks. */
  async pickProject(
    title: string,
  ): Promise<{ endpoint: string; project: string; service?: string } | undefined> {
    const endpoints = await this.#connected('container', title);
    if (endpoints === undefined) return undefined;
    const items = endpoints.flatMap(({ id, name }) =>
      projectsOf(this.#feed.mirror(id)?.rows('container').values() ?? []).map(({ of, ...words }) => ({
        target: { endpoint: id, ...of },
        ...words,
        ...(endpoints.length > 1 ? { detail: name } : {}),
      })),
    );
    if (items.length === 0)
      throw new Error(
        `No container on ${endpoints.map(({ name }) => name).join(', ')} belongs to a compose project. ` +
          'Start it with docker compose up; from then on it is in this list.',
      );
    return (await pick(items, { title, matchOnDescription: true }))?.target;
  }

  /** Things of one kind. */
  async objects<K extends RowKind>(
    [first, all]: readonly [unknown, unknown],
    kind: K,
    title: string,
    many = true,
  ): Promise<Target<Extract<EngineRow, { kind: K }>>[]> {
    const found = nodesOf(first, all).flatMap(node => this.#rowOf(node) ?? []);
    // The kind was looked at.
    const fitting = found.filter(({ row }) => row.kind === kind) as Target<Extract<EngineRow, { kind: K }>>[];
    return fitting.length > 0 ? fitting : this.#pick(kind, title, () => true, many);
  }

  /** Things of any kind, as they were chosen; containers are offered where nothing was. */
  async anything([first, all]: readonly [unknown, unknown], title: string): Promise<Target[]> {
    const found = nodesOf(first, all).flatMap(node => this.#rowOf(node) ?? this.#containersOf(node));
    return found.length > 0 ? found : this.#pick('container', title, () => true, false);
  }

  /** The engine that a row belongs to; else the only one there is, else the one that a person picks. */
  async endpoint(first: unknown, title: string): Promise<Endpoint | undefined> {
    const [node] = nodesOf(first, undefined);
    const named = node?.endpoint ?? (isNamed(first) ? first.endpoint : undefined);
    if (named !== undefined) return this.#feed.endpoint(named);
    if (this.#feed.found === undefined) await this.#feed.list();
    const endpoints = (this.#feed.found?.endpoints ?? []).flatMap(({ id }) => this.#feed.endpoint(id) ?? []);
    if (endpoints.length === 0)
      throw new Error(
        this.#feed.failure ?? 'No container engine was found. The Containers view tells where was looked.',
      );
    if (endpoints.length === 1) return endpoints[0];
    const items = endpoints.map(endpoint => ({
      endpoint,
      label: endpoint.name,
      description: endpoint.address,
    }));
    return (
      await pick(items, {
        title: `${title}: on which engine?`,
        matchOnDescription: true,
      })
    )?.endpoint;
  }

  #containersOf(node: ContainerNode): Target<ContainerRow>[] {
    if (node.kind === 'bundle') {
      const { endpoint } = node;
      return this.#model.containersOf(node).map(row => ({ endpoint, row }));
    }
    const found = this.#rowOf(node);
    return found?.row.kind === 'container' ? [{ endpoint: found.endpoint, row: found.row }] : [];
  }

  #rowOf(node: ContainerNode): Target | undefined {
    if (node.kind !== 'object') return undefined;
    const row = this.#feed.mirror(node.endpoint)?.rows(node.of).get(node.object);
    return row && { endpoint: node.endpoint, row };
  }

  /** Lets a person choose among what the connected engines have; where none is, an engine first. */
  async #pick<K extends RowKind>(
    kind: K,
    title: string,
    fits: (row: Extract<EngineRow, { kind: K }>) => boolean,
    many = true,
  ): Promise<Target<Extract<EngineRow, { kind: K }>>[]> {
    const endpoints = await this.#connected(kind, title);
    if (endpoints === undefined) return [];
    const items = endpoints.flatMap(({ id, name }) =>
      [...(this.#feed.mirror(id)?.rows(kind).values() ?? [])].filter(fits).map(row => ({
        target: { endpoint: id, row },
        ...wordsOf(row),
        ...(endpoints.length > 1 ? { detail: name } : {}),
      })),
    );
    if (items.length === 0)
      throw new Error(`There is no ${kind} for this on ${endpoints.map(({ name }) => name).join(', ')}.`);
    items.sort((a, b) => a.label.localeCompare(b.label));
    const options = { title, matchOnDescription: true };
    if (many) return (await pickMany(items, options))?.map(({ target }) => target) ?? [];
    const chosen = await pick(items, options);
    return chosen === undefined ? [] : [chosen.target];
  }

  async #connected(kind: RowKind, title: string): Promise<readonly Endpoint[] | undefined> {
    const live = (this.#feed.found?.endpoints ?? []).filter(({ id }) => this.#model.isLive(id));
    if (live.length === 0) {
      const chosen = await this.endpoint(undefined, title);
      if (chosen === undefined) return undefined;
      live.push(chosen);
    }
    for (const { id } of live) await this.#known(id, kind);
    return live;
  }

  /** Waits until all of a kind is known. Throws with the reason where it does not come to that. */
  async #known(endpoint: string, kind: RowKind): Promise<void> {
    const end = Date.now() + patience;
    await this.#feed.watch(endpoint, [kind]);
    while (this.#feed.mirror(endpoint)?.knows(kind) !== true) {
      const state = this.#feed.endpoint(endpoint)?.state;
      if (state?.kind === 'failed') throw new Error([state.message, state.hint ?? ''].join(' ').trim());
      if (Date.now() > end) throw new Error(`The engine did not answer in ${patience / 1000} s.`);
      await nextChange(this.#feed, 500);
    }
  }
}

function nextChange(feed: EngineFeed, atMost: number): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer);
      subscription.dispose();
      resolve();
    };
    const timer = setTimeout(done, atMost);
    const subscription = feed.onDidChange(done);
  });
}

/** The rows that a menu means: all that are selected, or the one that it was opened on. */
function nodesOf(first: unknown, all: unknown): ContainerNode[] {
  if (!isNode(first)) return [];
  const selected = Array.isArray(all) ? all.filter(isNode) : [];
  return selected.some(({ id }) => id === first.id) ? selected : [first];
}

const nodeKinds: readonly unknown[] = [
  'endpoint',
  'section',
  'bundle',
  'object',
  'message',
] satisfies ContainerNode['kind'][];

function isNode(value: unknown): value is ContainerNode {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    'id' in value &&
    nodeKinds.includes(value.kind)
  );
}

function isNamed(value: unknown): value is { endpoint: string } {
  return (
    typeof value === 'object' && value !== null && 'endpoint' in value && typeof value.endpoint === 'string'
  );
}

function unique<T extends Target>(targets: readonly T[]): T[] {
  return [...new Map(targets.map(target => [`${target.endpoint}\n${target.row.id}`, target])).values()];
}

function wordsOf(row: EngineRow): { label: string; description: string } {
  const now = Date.now();
  switch (row.kind) {
    case 'container':
      return { label: row.name, description: [row.image, containerDescription(row, now)].join(' · ') };
    case 'image':
      return { label: imageName(row), description: imageDescription(row, now) };
    case 'volume':
      return { label: row.id, description: volumeDescription(row) };
    case 'network':
      return { label: row.name, description: networkDescription(row) };
  }
}
