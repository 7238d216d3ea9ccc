import type { ObjectRef } from '../../protocol/clusterObjects';
import { HandrailError } from '../../protocol/errors';
import type { LiveCluster } from '../live/liveCluster';
import { fetchObject } from '../objects/readObject';
import type { KubeObject } from '../reflector/serverTable';
import type { PodSelection } from './podWatch';

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/ */
interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** How to find the pods of a workload or service, those that come later included. Throws where it has none. */
export async function podsOf(cluster: LiveCluster, ref: ObjectRef): Promise<PodSelection> {
  const { kind, namespace = 'default', name } = ref;
  if (kind === 'pods') return { namespace, query: { fieldSelector: `metadata.name=${name}` } };
  const { spec = {} } = await fetchObject(cluster, ref);
  if (kind === 'cronjobs.batch') return podsOfCronJob(namespace, name);
  const labels = labelsOf(kind, spec);
  if (labels !== '') return { namespace, query: { labelSelector: labels } };
  throw new HandrailError('invalidState', `${kind} ${name} selects no pods`, { kind, name });
}

/** The labels of its pods, as a query takes them; empty where it selects none. */
export function labelsOf(kind: string, spec: KubeObject['spec'] = {}): string {
  const selector = spec['selector'] as (LabelSelector & Record<string, unknown>) | undefined;
  return hasPlainSelector.has(kind) ? plainSelector(selector) : selectorText(selector);
}

const hasPlainSelector: ReadonlySet<string> = new Set(['services', 'replicationcontrollers']);

function plainSelector(labels: Readonly<Record<string, unknown>> = {}): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
}

/** As a query takes it. */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string {
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => {
    switch (operator) {
      case 'In':
        return `${key} in (${values.join(',')})`;
      case 'NotIn':
        return `${key} notin (${values.join(',')})`;
      case 'DoesNotExist':
        return `!${key}`;
      default:
        return key;
    }
  });
  return [plainSelector(matchLabels), ...expressions].filter(each => each !== '').join(',');
}

/** Its Jobs are called `NAME-MINUTES`, or as somebody called them who ran it by hand. */
function podsOfCronJob(namespace: string, name: string): PodSelection {
  const is = ({ metadata }: KubeObject): boolean =>
    metadata?.ownerReferences?.some(
      owner => owner.kind === 'Job' && owner.name.startsWith(`${name}-`) && isRun(owner.name, name),
    ) ?? false;
  return { namespace, query: { labelSelector: 'batch.kubernetes.io/job-name' }, is };
}

function isRun(job: string, cronJob: string): boolean {
  return /^-(\d+|manual(-\w+)?)$/.test(job.slice(cronJob.length));
}
