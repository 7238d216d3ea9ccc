import type { PodLogOf } from '../../../agent/protocol/clusterStreams';
import type { ChosenPods } from './chosenPods';

/** One log that is shown in one page. */
export interface PodLog {
  readonly context: string;
  readonly of: PodLogOf;
  readonly container?: string;
  readonly names: readonly string[];
}

/** As many as the protocol takes. */
const mostPods = 100;

/** One log for all pods of a namespace, one for each workload and each single container. */
export function logsOf(chosen: readonly ChosenPods[]): PodLog[] {
  const bundles = new Map<string, PodLog>();
  for (const { context, namespace, kind, name, container } of chosen) {
    if (kind !== 'pods') {
      const of = { kind: 'workload' as const, namespace, workload: kind, name };
      bundles.set(JSON.stringify([context, of]), { context, of, names: [name] });
      continue;
    }
    const key = JSON.stringify([context, namespace, container === undefined ? [] : [name, container]]);
    const before = bundles.get(key);
    const pods = before?.of.kind === 'pods' ? [...before.of.pods, name] : [name];
    const of = { kind: 'pods' as const, namespace, pods: [...new Set(pods)].slice(0, mostPods) };
    const names = container === undefined ? of.pods : [`${name}/${container}`];
    bundles.set(key, { context, of, names, ...(container !== undefined && { container }) });
  }
  return [...bundles.values()];
}
