import * as z from 'zod';
import { useCluster } from '../clusterAccess';
import { checkType, ProbeFailure } from './checkType';

/** Kinds as people name them, with where they are. */
const kinds: Readonly<Record<string, { readonly kind: Kind; readonly group: string }>> = {
  deployment: { kind: 'deployments', group: 'apis/apps/v1' },
  statefulset: { kind: 'statefulsets', group: 'apis/apps/v1' },
  daemonset: { kind: 'daemonsets', group: 'apis/apps/v1' },
  job: { kind: 'jobs', group: 'apis/batch/v1' },
};

type Kind = 'deployments' | 'statefulsets' | 'daemonsets' | 'jobs';

const short: Readonly<Record<string, string>> = { deploy: 'deployment', sts: 'statefulset', ds: 'daemonset' };

const WorkloadName = z.string().transform((written, context) => {
  const [, given = '', name] = /^([a-z]+)\/([a-z0-9]([-a-z0-9.]*[a-z0-9])?)$/.exec(written) ?? [];
  const found = kinds[short[given] ?? given];
  if (found !== undefined && name !== undefined) return { written, name, ...found };
  context.addIssue(
    `expected KIND/NAME like deployment/web (${Object.keys(kinds).join(', ')}), not ${written}`,
  );
  return z.NEVER;
});

const Options = z.strictObject({
  workload: WorkloadName,
  /** The context's own, if absent. */
  namespace: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'expected the name of a namespace')
    .optional(),
  /** By its name; the one in use, if absent. */
  context: z.string().min(1).optional(),
});

/** A workload of a cluster: whether as many of its pods are ready as are wanted. */
export const workload = checkType({
  name: 'workload',
  about: 'a deployment, statefulset, daemonset or job of a cluster (`KIND/NAME`)',
  options: Options,
  values: {
    desired: ['int', 'pods that are wanted; of a job those that are still to run at the same time'],
    ready: ['int', 'pods that are ready'],
    updated: ['int', 'pods of the newest version'],
    available: ['int', 'pods that have been ready for long enough'],
    generation: ['int', 'how often its specification was changed'],
    observed: ['int', 'the change that the cluster has acted upon'],
    succeeded: ['int', 'pods of a job that have ended well; else 0'],
    failed: ['bool', 'whether the rollout or the job was given up'],
    reason: ['string', 'why it was given up; else empty'],
  },
  up: '!failed && available >= desired && observed >= generation',
  subject: ({ workload: { written }, namespace }) =>
    namespace === undefined ? written : `${namespace}/${written}`,
  async probe({ workload: wanted, namespace, context }, world) {
    const { kind, group, name, written } = wanted;
    const { signal } = world;
    const found = await useCluster(context, world, async cluster => {
      const within = namespace ?? (cluster.context.namespace || 'default');
      const path = `/${group}/namespaces/${within}/${kind}/${name}`;
      try {
        return await cluster.api.json<Workload>({ path, signal });
      } catch (error) {
        if ((error as { status?: unknown }).status !== 404) throw error;
        throw new ProbeFailure(`There is no ${written} in ${within} of ${cluster.context.name}`, {
          cause: error,
        });
      }
    });
    return kind === 'jobs' ? ofJob(found) : ofPods(kind, found);
  },
});

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/ */
interface Workload {
  readonly metadata?: { readonly generation?: number };
  readonly spec?: Counts;
  readonly status?: Counts & { readonly conditions?: readonly Condition[] };
}

type Counts = Readonly<Partial<Record<string, unknown>>>;

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

function ofPods(kind: Kind, { metadata, spec = {}, status = {} }: Workload): Record<string, unknown> {
  const each = kind === 'daemonsets';
  const late = status.conditions?.find(
    ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  );
  return {
    desired: each ? count(status['desiredNumberScheduled']) : count(spec['replicas'] ?? 1),
    ready: count(each ? status['numberReady'] : status['readyReplicas']),
    updated: count(each ? status['updatedNumberScheduled'] : status['updatedReplicas']),
    available: count(each ? status['numberAvailable'] : status['availableReplicas']),
    generation: count(metadata?.generation),
    observed: count(status['observedGeneration']),
    succeeded: 0n,
    failed: late !== undefined,
    reason: late?.message ?? '',
  };
}

function ofJob({ metadata, spec = {}, status = {} }: Workload): Record<string, unknown> {
  const holds = (wanted: string): Condition | undefined =>
    status.conditions?.find(({ type, status: is }) => type === wanted && is === 'True');
  const failure = holds('Failed');
  const succeeded = Number(status['succeeded'] ?? 0);
  const parallel = Number(spec['parallelism'] ?? 1);
  const isOver = holds('Complete') !== undefined || spec['suspend'] === true;
  // Where no number of completions is given, one that ends well is enough.
  const left =
    typeof spec['completions'] !== 'number'
      ? succeeded > 0
        ? 0
        : parallel
      : spec['completions'] - succeeded;
  const ready = count(status['ready']);
  return {
    desired: isOver ? 0n : BigInt(Math.max(0, Math.min(parallel, left))),
    ready,
    updated: ready,
    available: ready,
    // A job's specification is acted upon as it is.
    generation: count(metadata?.generation),
    observed: count(metadata?.generation),
    succeeded: BigInt(succeeded),
    failed: failure !== undefined,
    reason: failure === undefined ? '' : (failure.message ?? failure.reason ?? ''),
  };
}

function count(value: unknown): bigint {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : 0n;
}
