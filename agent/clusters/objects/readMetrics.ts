import type { readMetrics, Usage } from '../../protocol/clusterObjects';
import type { ResultOf } from '../../protocol/message';
import { ApiRefusal } from '../api/apiRefusal';
import type { LiveCluster } from '../live/liveCluster';
import type { KubeObject } from '../reflector/serverTable';

type Metrics = ResultOf<typeof readMetrics>;

interface Measured extends KubeObject {
  readonly timestamp?: string;
  readonly usage?: Quantities;
  readonly containers?: readonly { readonly name: string; readonly usage?: Quantities }[];
}

interface Quantities {
  readonly cpu?: string;
  readonly memory?: string;
}

/** What pods or nodes use, where the cluster measures it. */
export async function metricsOf(
  cluster: LiveCluster,
  kind: 'pods' | 'nodes',
  namespace: string | undefined,
): Promise<Metrics> {
  const place =
    kind === 'pods' && namespace !== undefined ? `namespaces/${encodeURIComponent(namespace)}/` : '';
  try {
    const { items } = await cluster.api.json<{ items?: readonly Measured[] | null }>({
      path: `/apis/metrics.k8s.io/v1beta1/${place}${kind}`,
      deadline: 30_000,
    });
    return { available: true, items: (items ?? []).map(itemOf) };
  } catch (error) {
    // 404: nothing measures; 503: it does not answer for now.
    if (!(error instanceof ApiRefusal) || (error.status !== 404 && error.status !== 503)) throw error;
    const message =
      error.status === 404
        ? 'Nothing measures CPU and memory in this cluster (metrics.k8s.io): metrics-server would'
        : `What measures CPU and memory does not answer: ${error.message}`;
    return { available: false, message, items: [] };
  }
}

function itemOf({ metadata, timestamp, usage, containers }: Measured): Metrics['items'][number] {
  const each = containers?.map(({ name, usage: used }) => [name, usageOf(used)] as const);
  const namespace = metadata?.namespace;
  return {
    ...(namespace !== undefined && { namespace }),
    name: metadata?.name ?? '',
    at: Date.parse(timestamp ?? '') || 0,
    usage: each === undefined ? usageOf(usage) : sum(each.map(([, used]) => used)),
    ...(each && { containers: Object.fromEntries(each) }),
  };
}

function usageOf({ cpu = '0', memory = '0' }: Quantities = {}): Usage {
  return { cpu: Math.round(quantity(cpu) * 1e6) / 1000, memory: Math.round(quantity(memory)) };
}

function sum(each: readonly Usage[]): Usage {
  return each.reduce((all, { cpu, memory }) => ({ cpu: all.cpu + cpu, memory: all.memory + memory }), {
    cpu: 0,
    memory: 0,
  });
}

const units: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ ; 0 where it is none. */
export function quantity(text: string): number {
  const [, number = '', unit = ''] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(text) ?? [];
  const value = Number(number) * (units[unit] ?? Number.NaN);
  return Number.isFinite(value) ? value : 0;
}
