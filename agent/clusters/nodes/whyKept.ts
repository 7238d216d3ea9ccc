import { isOver } from '../pods/podParts';
import type { KubeObject } from '../reflector/serverTable';

/** Why a pod is not evicted; `isRefusal`: then the node is not drained at all, unless asked for as the hint says. */
export interface Kept {
  readonly reason: string;
  readonly isRefusal: boolean;
  readonly hint?: string;
}

/** As `kubectl drain --ignore-daemonsets` sees it; undefined where the pod is to go. */
export function whyKept(
  pod: KubeObject,
  { force, deleteEmptyDir }: { readonly force: boolean; readonly deleteEmptyDir: boolean },
): Kept | undefined {
  const { metadata, spec } = pod;
  if (metadata?.annotations?.['kubernetes.io/config.mirror'] !== undefined)
    return { reason: 'it is of the node itself', isRefusal: false };
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller === true);
  if (owner?.kind === 'DaemonSet')
    return { reason: `the DaemonSet ${owner.name} would make it again`, isRefusal: false };
  if (isOver(pod)) return undefined;
  if (owner === undefined && !force)
    return {
      reason: 'nothing would make it again',
      isRefusal: true,
      hint: 'Drain with force to lose what no controller makes again.',
    };
  const volumes = (spec?.['volumes'] as readonly { name: string; emptyDir?: object }[] | undefined) ?? [];
  const local = volumes.filter(({ emptyDir }) => emptyDir !== undefined);
  if (local.length > 0 && !deleteEmptyDir)
    return {
      reason: `the data of ${local.map(({ name }) => name).join(', ')} would be lost`,
      isRefusal: true,
      hint: 'Drain with the data of emptyDir volumes to lose it.',
    };
  return undefined;
}
