import type { OpenTarget } from '../../executors/container/access';
import type { OpenEngine } from './openEngine';
import { openContainer } from './openContainer';
import { openImage } from './openImage';
import { parseContainerTarget } from '../../runbook/containerTarget';

/**
 * Opens the containers that cells name as their target, on the engine that the client's own `docker` would use.
 * `engine` connects to that one; it rejects with an Error for a person.
 */
export function createOpenTarget(
  engine: (env: Readonly<Record<string, string>>) => Promise<OpenEngine>,
): OpenTarget {
  return async use => {
    const target = parseContainerTarget(use.target);
    if (target === undefined) throw new Error(`target=${use.target} is no container, service or image`);
    const found = await engine(use.env);
    return target.kind === 'image' ? openImage(found, target.reference, use) : openContainer(found, target);
  };
}
