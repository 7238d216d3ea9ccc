import { stringify } from 'yaml';
import type {
  getObject,
  listAllowed,
  listEvents,
  listPodContainers,
  ObjectRef,
} from '../../protocol/clusterObjects';
import { HandrailError } from '../../protocol/errors';
import type { ResultOf } from '../../protocol/message';
import { cut } from '../../text/cut';
import type { LiveCluster } from '../live/liveCluster';
import { pathOf } from '../live/knownKinds';
import type { KubeObject } from '../reflector/serverTable';
import { containersOf } from './podContainers';

type Plain = Record<string, unknown>;

/** An object as the server has it. Throws ApiRefusal and HandrailError `notFound`. */
export async function fetchObject(
  cluster: LiveCluster,
  { kind, namespace, name }: ObjectRef,
): Promise<KubeObject> {
  const found = await cluster.kind(kind);
  if (found.namespaced && namespace === undefined)
    throw new HandrailError('invalidState', `${kind} ${name} is in a namespace, which was not named`, {
      kind,
      name,
    });
  return cluster.api.json<KubeObject>({ path: pathOf(found, { namespace, name }) });
}

/** An object as YAML, as kubectl prints it. Without `reveal` the values of Secrets are `***`. */
export async function objectYaml(
  cluster: LiveCluster,
  ref: ObjectRef,
  { managedFields, reveal }: { managedFields: boolean; reveal: boolean },
): Promise<ResultOf<typeof getObject>> {
  const object = await fetchObject(cluster, ref);
  const { uid = '', resourceVersion = '' } = object.metadata ?? {};
  const shown = structuredClone(object) as Plain;
  if (!managedFields) delete (shown['metadata'] as Plain | undefined)?.['managedFields'];
  if (ref.kind === 'secrets' && !reveal) mask(shown);
  // Long lines stay: folded, a script in a ConfigMap could not be read.
  return { yaml: stringify(shown, { lineWidth: 0, version: '1.1' }), uid, resourceVersion };
}

/** What `kubectl apply` noted has the values, too. */
function mask(secret: Plain): void {
  for (const part of ['data', 'stringData']) {
    const values = secret[part];
    if (typeof values === 'object' && values !== null)
      secret[part] = Object.fromEntries(Object.keys(values).map(key => [key, '***']));
  }
  const annotations = (secret['metadata'] as Plain | undefined)?.['annotations'] as Plain | undefined;
  if (annotations?.[lastApplied] !== undefined) annotations[lastApplied] = '***';
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

interface ListedEvent extends KubeObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly firstTimestamp?: string;
  readonly lastTimestamp?: string;
  readonly eventTime?: string;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
  readonly source?: { readonly component?: string };
  readonly reportingComponent?: string;
}

/** Events that are told of one object. */
const mostEvents = 200;

/** The last events of an object, the newest first. */
export async function eventsOf(
  cluster: LiveCluster,
  { kind, namespace, name }: ObjectRef,
  uid: string | undefined,
): Promise<ResultOf<typeof listEvents>> {
  const found = await cluster.kind(kind);
  const selector = [
    `involvedObject.name=${name}`,
    ...(uid === undefined ? [] : [`involvedObject.uid=${uid}`]),
  ];
  // Of what is in no namespace they are in `default`.
  const place = found.namespaced ? namespace : 'default';
  const path = `/api/v1/namespaces/${encodeURIComponent(place ?? 'default')}/events`;
  const query = { fieldSelector: selector.join(','), limit: 1000 };
  const { items = [] } = await cluster.api.json<{ items?: readonly ListedEvent[] }>({ path, query });
  const events = items.map(eventOf).sort((a, b) => b.lastAt - a.lastAt);
  return { events: events.slice(0, mostEvents) };
}

function eventOf(event: ListedEvent): ResultOf<typeof listEvents>['events'][number] {
  const { type = 'Normal', reason = '', message = '', series, source, reportingComponent } = event;
  const created = event.metadata?.creationTimestamp;
  const first = event.firstTimestamp ?? event.eventTime ?? created;
  const last = series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? created;
  return {
    type,
    reason: cut(reason, 200),
    message: cut(message, 4000),
    count: series?.count ?? event.count ?? 1,
    firstAt: time(first),
    lastAt: time(last),
    source: source?.component ?? reportingComponent ?? '',
  };
}

function time(text: string | undefined): number {
  const read = Date.parse(text ?? '');
  return Number.isFinite(read) ? read : 0;
}

/** The containers of a pod. */
export async function podContainers(
  cluster: LiveCluster,
  namespace: string,
  pod: string,
): Promise<ResultOf<typeof listPodContainers>> {
  return { containers: containersOf(await fetchObject(cluster, { kind: 'pods', namespace, name: pod })) };
}

interface RulesReview {
  readonly status?: {
    readonly incomplete?: boolean;
    readonly evaluationError?: string;
    readonly resourceRules?: readonly {
      readonly verbs?: readonly string[];
      readonly apiGroups?: readonly string[] | null;
      readonly resources?: readonly string[] | null;
      readonly resourceNames?: readonly string[] | null;
    }[];
  };
}

/** Milliseconds that an answer about rights counts: a menu asks for each of its rows. */
const rightsCount = 60_000;
const rights = new WeakMap<LiveCluster, Map<string, { at: number; rules: Promise<Allowed> }>>();

type Allowed = ResultOf<typeof listAllowed>;

/** What this user may do in a namespace, as told at most `age` ms ago. */
export function allowedIn(
  cluster: LiveCluster,
  namespace: string,
  age: number = rightsCount,
): Promise<Allowed> {
  const known = rights.get(cluster) ?? new Map<string, { at: number; rules: Promise<Allowed> }>();
  rights.set(cluster, known);
  const before = known.get(namespace);
  if (before !== undefined && performance.now() - before.at < age) return before.rules;
  const rules = review(cluster, namespace);
  known.set(namespace, { at: performance.now(), rules });
  rules.catch(() => known.delete(namespace));
  return rules;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-rules-review-v1/ */
async function review(cluster: LiveCluster, namespace: string): Promise<Allowed> {
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } };
  const { status } = await cluster.api.json<RulesReview>({
    path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
    method: 'POST',
    body: { type: 'application/json', text: JSON.stringify(body) },
  });
  const rules = (status?.resourceRules ?? []).map(({ verbs, apiGroups, resources, resourceNames }) => ({
    verbs: [...(verbs ?? [])],
    groups: [...(apiGroups ?? [])],
    resources: [...(resources ?? [])],
    names: [...(resourceNames ?? [])],
  }));
  const message = status?.evaluationError;
  return {
    rules,
    incomplete: status?.incomplete === true,
    ...(message !== undefined && message !== '' && { message }),
  };
}
