import * as z from 'zod';
import { ContextState, ContextTrouble } from './contexts';
import { notification, request } from './message';
import { SystemText } from './system';

// What clusters have, as tables: the columns and cells that `kubectl get` prints, kept up to date by watches.

/** One kind of object that a cluster has. */
export const Kind = z.object({
  /** As kubectl writes it: `pods`, `deployments.apps`, `certificates.cert-manager.io`. Unique within a cluster. */
  id: z.string(),
  /** Empty for the core group. */
  group: z.string(),
  version: z.string(),
  /** `Deployment`. */
  kind: z.string(),
  /** `deployments`. */
  plural: z.string(),
  short: z.array(z.string()),
  namespaced: z.boolean(),
  /** `list`, `watch`, `patch`, …; subresources as `scale/patch`, `exec/create`. */
  verbs: z.array(z.string()),
  /** Whether a CustomResourceDefinition, or another API server, made it. */
  custom: z.boolean(),
});
export type Kind = z.infer<typeof Kind>;

/** A column as the server prints it. `priority` above 0: only wide. */
export const Column = z.object({
  name: z.string(),
  /** `string`, `integer`, `number`, `boolean`, `date`. */
  type: z.string(),
  priority: z.number().int(),
  description: z.string().optional(),
});
export type Column = z.infer<typeof Column>;

/** How an object is, for its icon. `unknown`: nothing is told of its kind. */
export const RowState = z.enum(['ok', 'progressing', 'failed', 'done', 'terminating', 'unknown']);
export type RowState = z.infer<typeof RowState>;

/** What is wrong with an object. */
export const Problem = z.object({
  severity: z.enum(['error', 'warning']),
  /** One word: `CrashLoopBackOff`, `Unschedulable`, `NotReady`. */
  reason: z.string(),
  /** What it says, in its own words; cut to a bounded size. */
  message: z.string(),
  /** Of a pod: the container that it is about. */
  container: z.string().optional(),
  /** Of a container that was started again: how it ended the last time. */
  last: z
    .object({ reason: z.string(), exit: z.number().int().optional(), at: z.number().optional() })
    .optional(),
  since: z.number().optional(),
});
export type Problem = z.infer<typeof Problem>;

/** The object that made another one, as it says. */
export const Owner = z.object({ uid: z.string(), kind: z.string(), name: z.string() });

export const ClusterRow = z.object({
  uid: z.string(),
  /** Absent where the kind has none. */
  namespace: z.string().optional(),
  name: z.string(),
  /** One a column; each cut to a bounded size. The age is null, since it is another one soon: say it from `createdAt`. */
  cells: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])),
  createdAt: z.number(),
  /** When a pod's container was started again last, where the server prints it; the cell has the number alone. */
  restartedAt: z.number().optional(),
  state: RowState,
  problem: Problem.optional(),
  /** Who controls it: a pod's ReplicaSet, a Job's CronJob. */
  owner: Owner.optional(),
  /** Of a pod and a ReplicaSet the workload that a person made, where its name tells: `Deployment` and `web`. */
  workload: z.object({ kind: z.string(), name: z.string() }).optional(),
  /** Only of kinds whose rows mean little without: `type` of a Secret, `owner` and `status` of a Helm release. */
  labels: z.record(z.string(), z.string()).optional(),
});
export type ClusterRow = z.infer<typeof ClusterRow>;

/** Where a table is. Rows that were told stay in all states but `gone` and `forbidden`. */
export const TableState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('loading'), since: z.number() }),
  /** All rows have been told, and what changes is. */
  z.object({ kind: z.literal('live'), since: z.number() }),
  /** The rows are of before: the connection is lost, or the server does not answer. */
  z.object({
    kind: z.literal('failed'),
    trouble: ContextTrouble,
    message: z.string(),
    hint: z.string().optional(),
    since: z.number(),
    retryAt: z.number().optional(),
  }),
  /** This user may not. `verb`: the one that is missing; `list` and `watch` are needed. */
  z.object({
    kind: z.literal('forbidden'),
    verb: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    since: z.number(),
  }),
  /** The cluster has no such kind (any more): its CustomResourceDefinition is gone. */
  z.object({ kind: z.literal('gone'), message: z.string(), since: z.number() }),
]);
export type TableState = z.infer<typeof TableState>;

/**
 * Watches a kind in one namespace or, without one, in all. `table` is a number of the client's choice, by which
 * {@link clustersChanged} tells of it: its state, columns, all rows, then what changes. Connects the context if need
 * be. What nobody watches is kept for a minute: whoever watches it again then has it at once.
 */
export const watchTable = request(
  'clusters/watch',
  z.object({
    table: z.number().int(),
    context: SystemText,
    /** {@link Kind} `id`. */
    kind: SystemText,
    namespace: SystemText.optional(),
  }),
  z.object({}),
);
export const unwatchTable = request('clusters/unwatch', z.object({ table: z.number().int() }), z.object({}));

/**
 * What is new since the last one. One is under way at a time on a connection: the next follows {@link ackClusters} and
 * holds only the latest of each row, so a slow client costs one entry a row.
 */
export const clustersChanged = notification(
  'clusters/changed',
  'agent',
  z.object({
    number: z.number().int(),
    contexts: z.array(
      z.object({
        context: z.string(),
        state: ContextState.optional(),
        /** All kinds there are. */
        kinds: z.array(Kind).optional(),
        /** Groups whose API server does not answer: `metrics.k8s.io/v1beta1`, with why. All others are in `kinds`. */
        downGroups: z.array(z.object({ group: z.string(), message: z.string() })).optional(),
      }),
    ),
    tables: z.array(
      z.object({
        table: z.number().int(),
        state: TableState.optional(),
        columns: z.array(Column).optional(),
        /** Rows known so far are void: all that are there come with this and the next ones until `complete`. */
        reset: z.boolean().default(false),
        /** All rows have been told. */
        complete: z.boolean().default(false),
        rows: z.array(ClusterRow),
        /** Uids. */
        gone: z.array(z.string()),
        /** Rows beyond the most that a table holds (50,000), which are not told. */
        more: z.number().int().optional(),
      }),
    ),
  }),
);
export const ackClusters = notification('clusters/ack', 'client', z.object({ number: z.number().int() }));
