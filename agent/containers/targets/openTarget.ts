import type { OpenTarget } from '../../executors/container/access';
import type { OpenEngine } from './openEngine';
import { openContainer } from './openContainer';
import { openImage } from './openImage';
import { parseContainerTarget } from '../../runbook/containerTarget';

/**
 * Opens the containers that cells name as their target. `engine` connects to the engine of a name, or to the one that the
 * client's own `docker` would use; it rejects with an Error for a person.
 */
export function createOpenTarget(
  engine: (env: Readonly<Record<string, string>>, name: string | undefined) => Promise<OpenEngine>,
): OpenTarget {
  return async use => {
    const target = parseContainerTarget(use.target);
    if (target === undefined) throw new Error(`target=${use.target} is no container, service or image`);
    const found = await engine(use.env, target.kind === 'image' ? undefined : target.on);
    return target.kind === 'image'
      ? openImage(found, target.reference, use)
      : openContainer(found, target, use.user);
  };
}
