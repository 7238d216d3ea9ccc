import type { ClusterRow } from '../../../../agent/protocol/clusters';
import type { ObjectNode } from '../../../views/clusters/clusterNode';
import { type ChosenObject, nodeOf, objectOf } from '../chosen';
import type { ClusterParts } from '../clusterCommands';

/** An object with what its row tells. */
export interface ChosenRow extends ChosenObject {
  readonly row: ClusterRow | undefined;
}

/** `first`: the row of a menu; `second`: all that are selected. */
export type Rows = readonly [first: unknown, second: unknown];

/**
 * The objects that a command means, of kinds that it is for: all that are selected, or the one that the menu was opened
 * on; without one, one that the person chooses.
 */
export async function objectsOf(
  parts: Pick<ClusterParts, 'feed' | 'provider'>,
  [first, second]: Rows,
  title: string,
  isFor: (kind: string) => boolean = () => true,
): Promise<ChosenRow[]> {
  const selected = Array.isArray(second) ? second.flatMap(one => nodeOf(one) ?? []) : [];
  const own = nodeOf(first);
  const nodes = selected.some(({ id }) => id === own?.id) ? selected : own === undefined ? [] : [own];
  const objects = nodes.filter((node): node is ObjectNode => node.kind === 'object' && isFor(node.of));
  if (objects.length === 0) {
    const chosen = await objectOf(parts, undefined, title, isFor);
    return chosen === undefined ? [] : [{ ...chosen, row: undefined }];
  }
  const found = objects.map(async node => {
    const chosen = await objectOf(parts, node, title, isFor);
    return chosen && { ...chosen, row: parts.provider.model.row(node) };
  });
  return (await Promise.all(found)).filter(one => one !== undefined);
}
