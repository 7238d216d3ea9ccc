import type { ContainerRow } from '../../../agent/protocol/containers';
import type { ContainerModel, KnownEngines } from './containerModel';
import { endpointNode, type ContainerNode, type ObjectNode } from './containerNode';

/** A container whose row a person may see. */
export interface SeenContainer {
  readonly node: ObjectNode;
  readonly row: ContainerRow;
}

/** A tree tells only what is unfolded: containers count as seen where all above them is. In order. */
export function seenContainers(
  engines: KnownEngines,
  model: ContainerModel,
  open: ReadonlySet<string>,
): SeenContainer[] {
  const seen: SeenContainer[] = [];
  const visit = (node: ContainerNode): void => {
    if (node.kind === 'object' && node.of === 'container') {
      const row = engines.mirror(node.endpoint)?.rows('container').get(node.object);
      if (row !== undefined) seen.push({ node, row });
    } else if (open.has(node.id)) {
      for (const child of childrenOf(model, node)) visit(child);
    }
  };
  for (const { id } of engines.found?.endpoints ?? []) {
    if (engines.mirror(id) !== undefined) visit(endpointNode(id));
  }
  return seen;
}

function childrenOf(model: ContainerModel, node: ContainerNode): readonly ContainerNode[] {
  switch (node.kind) {
    case 'endpoint':
      return model.inEndpoint(node.endpoint);
    case 'section':
      return node.of === 'container' ? model.inSection(node) : [];
    case 'bundle':
      return model.inBundle(node);
    case 'more': {
      const rows = node.open();
      return Array.isArray(rows) ? rows : [];
    }
    default:
      return [];
  }
}

/** Containers whose usage is watched at a time, over all engines. */
export const mostMeasured = 50;

/**
 * The running containers whose usage is worth watching, of each engine; for engines with none an empty list. `read`: the
 * row that a person looks at closely, which is watched wherever it stands.
 */
export function toMeasure(
  seen: readonly SeenContainer[],
  endpoints: readonly string[],
  read?: string,
): Map<string, string[]> {
  const chosen = new Map<string, string[]>(endpoints.map(id => [id, []]));
  const running = seen.filter(({ row }) => row.state === 'running');
  const at = running.findIndex(({ node }) => node.id === read);
  const wanted =
    at < mostMeasured
      ? running.slice(0, mostMeasured)
      : [...running.slice(0, mostMeasured - 1), ...running.slice(at, at + 1)];
  for (const { node } of wanted) chosen.get(node.endpoint)?.push(node.object);
  return chosen;
}
