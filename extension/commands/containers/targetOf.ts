import type { ContainerRow } from '../../../agent/protocol/containers';
import type { Endpoint } from '../../../agent/protocol/endpoints';
import { writeContainerTarget } from '../../../agent/runbook/containerTarget';
import type { BundledBy } from '../../views/containers/containerNode';

/** How a cell names a container as its target: on the engine that the row belongs to, whichever is in use. */
export function targetOfContainer(row: Pick<ContainerRow, 'name'>, endpoint: Endpoint): string {
  return writeContainerTarget({ kind: 'container', ...engineOf(endpoint), name: row.name });
}

/** The same for a service of a compose project; undefined where the group is something else. */
export function targetOfBundle(by: BundledBy, endpoint: Endpoint): string | undefined {
  if ('label' in by || by.service === undefined) return undefined;
  const { project, service } = by;
  return writeContainerTarget({ kind: 'compose', ...engineOf(endpoint), project, service });
}

/** Nothing for the one that is in use: the runbook is for others, too, whose engine is called otherwise. */
function engineOf({ id, name, current }: Endpoint): { on?: string } {
  if (current) return {};
  const [, called = name] = /^(?:context|config):(.+)$/.exec(id) ?? [];
  return { on: called };
}
