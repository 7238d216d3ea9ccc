import { type Cluster, type ClusterOptions, startCluster } from '../support/kubernetes/cluster';
import { kubernetes } from '../support/kubernetes/programs';
import { mayBeMissing, provide } from '../support/realSystem';
import { CannotMeasure } from './figure';

/** A private API server to measure with. Throws CannotMeasure where there can be none. */
export async function benchCluster(options: ClusterOptions = {}): Promise<Cluster> {
  try {
    await provide(kubernetes);
  } catch (error) {
    if (mayBeMissing(error)) throw new CannotMeasure(error instanceof Error ? error.message : String(error));
    throw error;
  }
  return startCluster(options);
}

/** `web-0`, `web-1`, … */
export function namesOf(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `web-${String(at)}`);
}
