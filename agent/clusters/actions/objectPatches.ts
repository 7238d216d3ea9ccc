import type { ClusterAction } from '../../protocol/clusterActions';
import { HandrailError } from '../../protocol/errors';
import type { KubeObject } from '../reflector/serverTable';

/** Content types of https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply */
export const patchTypes = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
} as const;

/** A change of an object as the API takes it. */
export interface Patch {
  readonly type: keyof typeof patchTypes;
  readonly body: unknown;
  /** Part of the object: `scale`. */
  readonly sub?: string;
}

type Patched = Extract<
  ClusterAction,
  {
    do:
      | 'scale'
      | 'restart'
      | 'pauseRollout'
      | 'resumeRollout'
      | 'suspend'
      | 'resume'
      | 'cordon'
      | 'uncordon'
      | 'label'
      | 'annotate'
      | 'removeFinalizers';
  }
>;

/** The change that does an action, where it does not take the object to know it. */
export function patchFor(action: Patched): Patch {
  switch (action.do) {
    case 'scale':
      return merge({ spec: { replicas: action.replicas } }, 'scale');
    case 'restart':
      return merge({ spec: { template: { metadata: { annotations: { [restartedAt]: now() } } } } });
    case 'pauseRollout':
    case 'resumeRollout':
      return merge({ spec: { paused: action.do === 'pauseRollout' ? true : null } });
    case 'suspend':
    case 'resume':
      return merge({ spec: { suspend: action.do === 'suspend' } });
    case 'cordon':
    case 'uncordon':
      return merge({ spec: { unschedulable: action.do === 'cordon' ? true : null } });
    case 'label':
      return merge({ metadata: { labels: action.changes } });
    case 'annotate':
      return merge({ metadata: { annotations: action.changes } });
    case 'removeFinalizers':
      return merge({ metadata: { finalizers: null } });
  }
}

const restartedAt = 'kubectl.kubernetes.io/restartedAt';

function now(): string {
  return new Date().toISOString().replace(/\.\d+/, '');
}

function merge(body: unknown, sub?: string): Patch {
  return { type: 'merge', body, ...(sub !== undefined && { sub }) };
}

interface Named {
  readonly name: string;
}

/** Where kinds have the description of their pods. */
const podSpecs: readonly (readonly string[])[] = [
  ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  ['spec', 'template', 'spec'],
  ['spec'],
];

/** The change that gives a container another image; null where it has it already. Throws where there is none of that name. */
export function imagePatch(object: KubeObject, container: string, image: string): Patch | null {
  for (const path of podSpecs) {
    const spec = at(object, path) as Record<string, unknown> | undefined;
    if (!Array.isArray(spec?.['containers'])) continue;
    for (const list of ['containers', 'initContainers']) {
      const found = (spec[list] as readonly (Named & { image?: string })[] | undefined)?.find(
        ({ name }) => name === container,
      );
      if (found === undefined) continue;
      if (found.image === image) return null;
      const change = { [list]: [{ name: container, image }] };
      return { type: 'strategic', body: path.reduceRight<unknown>((body, key) => ({ [key]: body }), change) };
    }
    const names = (spec['containers'] as readonly Named[]).map(({ name }) => name).join(', ');
    throw new HandrailError('notFound', `It has no container ${container}`, { hint: `It has ${names}.` });
  }
  throw new HandrailError('invalidState', 'It has no containers');
}

function at(object: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((each, key) => (each as Record<string, unknown> | undefined)?.[key], object);
}
