import * as z from 'zod';
import { request } from './message';
import { SystemText } from './system';

// One object of a cluster, and what this user may do with it.

/** Which object. `kind`: as in `Kind.id`. */
export const ObjectRef = z.object({
  kind: SystemText,
  namespace: SystemText.optional(),
  name: SystemText,
});
export type ObjectRef = z.infer<typeof ObjectRef>;

/**
 * An object as YAML, in the order in which kubectl prints it. Values of Secrets are `***` unless `reveal`, which is in
 * the audit log.
 */
export const getObject = request(
  'clusters/object',
  z.object({
    context: SystemText,
    object: ObjectRef,
    managedFields: z.boolean().default(false),
    reveal: z.boolean().default(false),
    by: SystemText,
  }),
  z.object({ yaml: z.string(), uid: z.string(), resourceVersion: z.string() }),
);

/** The last events of an object, the newest first, at most 200. Times are milliseconds since 1970. */
export const listEvents = request(
  'clusters/events',
  z.object({ context: SystemText, object: ObjectRef, uid: SystemText.optional() }),
  z.object({
    events: z.array(
      z.object({
        type: z.string(),
        reason: z.string(),
        message: z.string(),
        count: z.number().int(),
        firstAt: z.number(),
        lastAt: z.number(),
        source: z.string(),
      }),
    ),
  }),
);

/** What `kubectl describe` would tell in short, as text: labels, state, conditions, containers, events. */
export const describeObject = request(
  'clusters/describe',
  z.object({ context: SystemText, object: ObjectRef }),
  z.object({ text: z.string() }),
);

/** One state of a workload that it can go back to. */
export const Revision = z.object({
  revision: z.number().int(),
  createdAt: z.number(),
  /** Of its containers. */
  images: z.array(z.string()),
  /** The annotation `kubernetes.io/change-cause`. */
  cause: z.string().optional(),
  current: z.boolean(),
});
export type Revision = z.infer<typeof Revision>;

/** How the rollout of a Deployment, StatefulSet or DaemonSet goes, and what there was before, the newest first. */
export const getRollout = request(
  'clusters/rollout',
  z.object({ context: SystemText, object: ObjectRef }),
  z.object({
    state: z.enum(['done', 'progressing', 'paused', 'failed']),
    /** `2 of 3 updated, 1 available`. */
    message: z.string(),
    revisions: z.array(Revision),
  }),
);

/** CPU in thousandths of a core, memory in bytes. */
export const Usage = z.object({ cpu: z.number(), memory: z.number() });
export type Usage = z.infer<typeof Usage>;

/** What pods or nodes use now, as metrics.k8s.io tells; where there is none, `available` is false and `message` says so. */
export const readMetrics = request(
  'clusters/metrics',
  z.object({ context: SystemText, kind: z.enum(['pods', 'nodes']), namespace: SystemText.optional() }),
  z.object({
    available: z.boolean(),
    message: z.string().optional(),
    items: z.array(
      z.object({
        namespace: z.string().optional(),
        name: z.string(),
        /** When it was measured. */
        at: z.number(),
        usage: Usage,
        containers: z.record(z.string(), Usage).optional(),
      }),
    ),
  }),
);

/** A container of a pod. */
export const PodContainer = z.object({
  name: z.string(),
  type: z.enum(['container', 'init', 'sidecar', 'ephemeral']),
  image: z.string(),
  state: z.enum(['waiting', 'running', 'ended', 'unknown']),
  /** Why it waits or ended: `CrashLoopBackOff`, `Completed`. */
  reason: z.string().optional(),
  message: z.string().optional(),
  exit: z.number().int().optional(),
  since: z.number().optional(),
  ready: z.boolean(),
  restarts: z.number().int(),
  last: z
    .object({ reason: z.string(), exit: z.number().int().optional(), at: z.number().optional() })
    .optional(),
  ports: z.array(z.object({ name: z.string().optional(), port: z.number().int(), protocol: z.string() })),
});
export type PodContainer = z.infer<typeof PodContainer>;

/** The containers of a pod: init containers first, then in the pod's order. */
export const listPodContainers = request(
  'clusters/containers',
  z.object({ context: SystemText, namespace: SystemText, pod: SystemText }),
  z.object({ containers: z.array(PodContainer) }),
);

/** What is allowed; `*` stands for any. `resources`: plurals, of subresources `pods/exec`. Empty `names`: any. */
export const Rule = z.object({
  verbs: z.array(z.string()),
  groups: z.array(z.string()),
  resources: z.array(z.string()),
  names: z.array(z.string()),
});
export type Rule = z.infer<typeof Rule>;

/**
 * What this user may do in a namespace and cluster-wide (SelfSubjectRulesReview); kept for a minute. `incomplete`: the
 * server could not tell all: then what no rule allows may be allowed all the same.
 */
export const listAllowed = request(
  'clusters/allowed',
  z.object({ context: SystemText, namespace: SystemText }),
  z.object({ rules: z.array(Rule), incomplete: z.boolean(), message: z.string().optional() }),
);

/** Whether rules allow it. `resource`: `pods`, `pods/exec`. */
export function allows(
  rules: readonly Rule[],
  { verb, group, resource, name }: { verb: string; group: string; resource: string; name?: string },
): boolean {
  const [, sub] = resource.split('/');
  return rules.some(
    rule =>
      has(rule.verbs, verb) &&
      has(rule.groups, group) &&
      (has(rule.resources, resource) || (sub !== undefined && rule.resources.includes(`*/${sub}`))) &&
      (rule.names.length === 0 || (name !== undefined && rule.names.includes(name))),
  );
}

function has(list: readonly string[], item: string): boolean {
  return list.includes('*') || list.includes(item);
}
