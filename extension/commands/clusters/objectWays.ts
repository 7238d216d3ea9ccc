import type { Kind } from '../../../agent/protocol/clusters';

// What can be done to objects, and the right that each way takes, as RBAC names it.

/** A way to change an object, as menus know it. */
export type Way = keyof typeof ways;

export interface Right {
  readonly verb: string;
  readonly group: string;
  /** Plural, with the subresource: `pods/eviction`. */
  readonly resource: string;
}

interface Offered {
  readonly fits: (kind: Kind) => boolean;
  readonly right: (kind: Kind) => Right;
}

/** Kinds whose pods are replaced in rollouts. */
const rolled: ReadonlySet<string> = new Set(['deployments.apps', 'statefulsets.apps', 'daemonsets.apps']);

const patch = ({ group, plural: resource }: Kind): Right => ({ verb: 'patch', group, resource });

function ofKinds(kinds: ReadonlySet<string> | readonly string[], right = patch): Offered {
  const all = new Set(kinds);
  return { fits: ({ id }) => all.has(id), right };
}

const ways = {
  delete: {
    fits: ({ verbs }) => verbs.includes('delete'),
    right: ({ group, plural: resource }) => ({ verb: 'delete', group, resource }),
  },
  scale: {
    fits: ({ verbs }) => verbs.includes('scale/patch'),
    right: ({ group, plural }) => ({ verb: 'patch', group, resource: `${plural}/scale` }),
  },
  roll: ofKinds(rolled),
  pause: ofKinds(['deployments.apps']),
  image: ofKinds(rolled),
  suspend: ofKinds(['cronjobs.batch', 'jobs.batch']),
  runNow: ofKinds(['cronjobs.batch'], () => ({ verb: 'create', group: 'batch', resource: 'jobs' })),
  cordon: ofKinds(['nodes']),
  drain: ofKinds(['nodes'], () => ({ verb: 'create', group: '', resource: 'pods/eviction' })),
  mark: { fits: ({ verbs }) => verbs.includes('patch'), right: patch },
  secret: ofKinds(['secrets'], () => ({ verb: 'get', group: '', resource: 'secrets' })),
} as const satisfies Record<string, Offered>;

/** The ways that there are for objects of a kind. */
export function waysOf(kind: Kind): Way[] {
  return (Object.keys(ways) as Way[]).filter(way => ways[way].fits(kind));
}

/** The right that a way takes. */
export function rightOf(way: Way, kind: Kind): Right {
  return ways[way].right(kind);
}
