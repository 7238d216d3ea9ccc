import { randomBytes } from 'node:crypto';
import type { ObjectRef } from '../../protocol/clusterObjects';
import { HandrailError } from '../../protocol/errors';
import type { LiveCluster } from '../live/liveCluster';
import { fetchObject } from '../objects/readObject';
import type { KubeObject } from '../reflector/serverTable';

interface JobTemplate {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
}

/** Characters of the name of a CronJob that its Jobs begin with, at most: a Job's name has 63. */
const mostOfName = 46;

/** Makes a Job of a CronJob now, as `kubectl create job --from` does it; the message names it. */
export async function runNow(
  cluster: LiveCluster,
  ref: ObjectRef,
  wanted: string | undefined,
): Promise<{ outcome: 'done'; message: string }> {
  const { namespace = 'default' } = ref;
  if (ref.kind !== 'cronjobs.batch')
    throw new HandrailError('invalidState', `${ref.kind} ${ref.name} is no CronJob`, {});
  const { metadata, spec } = await fetchObject(cluster, ref);
  const template = spec?.['jobTemplate'] as JobTemplate;
  const name = wanted ?? `${ref.name.slice(0, mostOfName)}-manual-${randomBytes(3).toString('hex')}`;
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: ref.name, uid: metadata?.uid };
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      labels: template.metadata?.labels ?? {},
      annotations: { ...template.metadata?.annotations, 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
    spec: template.spec,
  };
  await cluster.api.json<KubeObject>({
    path: `/apis/batch/v1/namespaces/${encodeURIComponent(namespace)}/jobs`,
    method: 'POST',
    query: { fieldManager: 'handrail' },
    body: { type: 'application/json', text: JSON.stringify(job) },
  });
  return { outcome: 'done', message: `Job ${name}` };
}
