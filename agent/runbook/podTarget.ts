/** What a pod target names within its namespace. */
export type PodKind = 'pod' | 'deploy' | 'sts' | 'ds' | 'rs' | 'job' | 'svc';

/** A target that is a container of a pod, taken apart. `on`: the context; absent: the one that is in use. */
export interface PodTarget {
  readonly on?: string;
  readonly namespace: string;
  readonly kind: PodKind;
  readonly name: string;
  /** Absent: the pod's default container. */
  readonly container?: string;
}

/** How it is written, for messages. */
export const podTargetForm =
  'pod:[CONTEXT/]NAMESPACE/POD[/CONTAINER] or pod:[CONTEXT/]NAMESPACE/KIND/NAME[/CONTAINER]';

/** Each word that says what a name is of, as `kubectl` takes them. */
const kindWords: Readonly<Record<string, PodKind>> = {
  ...{ pod: 'pod', pods: 'pod', po: 'pod' },
  ...{ deploy: 'deploy', deployment: 'deploy', deployments: 'deploy' },
  ...{ sts: 'sts', statefulset: 'sts', statefulsets: 'sts' },
  ...{ ds: 'ds', daemonset: 'ds', daemonsets: 'ds' },
  ...{ rs: 'rs', replicaset: 'rs', replicasets: 'rs' },
  ...{ job: 'job', jobs: 'job' },
  ...{ svc: 'svc', service: 'svc', services: 'svc' },
};

/** Whether cells with this target run in a pod. */
export function isPodTarget(target: string): boolean {
  return podReadings(target).length > 0;
}

/**
 * All that a target can mean: a context's name may have slashes in it, so that `a/b/c` is a pod of another context, and a
 * container of a pod. None where it is no such target. A word such as `deploy` after the namespace decides.
 */
export function podReadings(target: string): PodTarget[] {
  if (!target.startsWith('pod:')) return [];
  const parts = target.slice('pod:'.length).split('/');
  if (parts.some(part => part === '')) return [];
  const worded = [4, 3].flatMap(length => reading(parts, length, true));
  return worded.length > 0 ? worded : [3, 2].flatMap(length => reading(parts, length, false));
}

/** Takes the last parts as namespace, kind, name and container, and what is before them as the context. */
function reading(parts: readonly string[], length: number, isWorded: boolean): PodTarget[] {
  if (parts.length < length) return [];
  const context = parts.slice(0, -length).join('/');
  const [namespace = '', ...rest] = parts.slice(-length);
  const word = isWorded ? (rest.shift() ?? '') : 'pod';
  const [name = '', container] = rest;
  const kind = Object.hasOwn(kindWords, word) ? kindWords[word] : undefined;
  const isRight =
    label.test(namespace) && subdomain.test(name) && (container === undefined || label.test(container));
  if (kind === undefined || !isRight) return [];
  const on = context === '' ? {} : { on: context };
  return [{ ...on, namespace, kind, name, ...(container !== undefined && { container }) }];
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/;

/**
 * The one that is meant where these contexts are there: a context where one is called so, else what has none. A problem
 * in words where that is none, or several.
 */
export function resolvePodTarget(
  target: string,
  isContext: (name: string) => boolean,
): { readonly found: PodTarget } | { readonly problem: string } {
  const readings = podReadings(target);
  const [there, ...others] = readings.filter(({ on }) => on !== undefined && isContext(on));
  if (there !== undefined && others.length > 0) {
    const meanings = [there, ...others].map(describe).join(', or ');
    return { problem: `target=${target} can mean ${meanings}. Write pod/NAME for the pod: that decides it.` };
  }
  const found = there ?? readings.find(({ on }) => on === undefined);
  if (found !== undefined) return { found };
  const names = [...new Set(readings.flatMap(({ on }) => on ?? []))];
  if (names.length === 0) return { problem: `target=${target} is no pod. Write ${podTargetForm}.` };
  return { problem: `target=${target}: there is no context ${names.join(' or ')}` };
}

/** For a person: what was understood. */
export function describe({ on, namespace, kind, name, container }: PodTarget): string {
  const what = `${kind === 'pod' ? 'the pod' : kind} ${name} in the namespace ${namespace}`;
  const part = container === undefined ? what : `the container ${container} of ${what}`;
  return on === undefined ? part : `${part} of the context ${on}`;
}

/**
 * What is written so that it is found again; the other way of {@link podReadings}. `isWorded`: so that it means the same
 * whatever contexts there are.
 */
export function writePodTarget(target: PodTarget, isWorded: boolean = false): string {
  const { on, namespace, kind, name, container } = target;
  const isClear =
    container === undefined && !Object.hasOwn(kindWords, name) && !Object.hasOwn(kindWords, namespace);
  const isPlain = kind === 'pod' && isClear && !isWorded;
  const rest = [namespace, ...(isPlain ? [] : [kind]), name, ...(container === undefined ? [] : [container])];
  return `pod:${on === undefined ? '' : `${on}/`}${rest.join('/')}`;
}
