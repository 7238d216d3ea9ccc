import * as z from 'zod';
import { LogRange, LogSource } from './logs';
import { notification, request } from './message';
import { AbsolutePath, SystemText, TerminalExtent } from './system';

// Logs, shells and forwarded ports of pods. Lines come as `logs/lines`, bytes as `streams/data`, like all others.

/** Which pods: some, or all of a workload, those that come later included. */
export const PodLogOf = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pods'), namespace: SystemText, pods: z.array(SystemText).min(1).max(100) }),
  z.object({
    kind: z.literal('workload'),
    namespace: SystemText,
    /** `Kind.id`: `deployments.apps`, `jobs.batch`, `services` … */
    workload: SystemText,
    name: SystemText,
  }),
]);
export type PodLogOf = z.infer<typeof PodLogOf>;

const PodLog = z.object({
  context: SystemText,
  of: PodLogOf,
  /** All containers if absent. */
  container: SystemText.optional(),
  /** Of the container before it was started again; does not follow. */
  previous: z.boolean().default(false),
  range: LogRange,
});

/** Opens a log; `logs/lines` follow. A source is called `pod/container`. */
export const openPodLog = request(
  'clusters/log',
  PodLog,
  z.object({
    log: z.number().int(),
    sources: z.array(LogSource),
    /** The same as commands of `kubectl`, one a line. */
    kubectl: z.string(),
  }),
);

/** Writes what {@link openPodLog} would show to a file, whole, not following; in place of what is there. */
export const savePodLog = request(
  'clusters/saveLog',
  PodLog.extend({ path: AbsolutePath, timestamps: z.boolean().default(false) }),
  z.object({ bytes: z.number().int(), lines: z.number().int() }),
  { answerMs: 60 * 60_000 },
);

/** A command in a container of a pod, with a terminal or pipes. No command: the best shell there is. */
export const execInPod = request(
  'clusters/exec',
  z.object({
    context: SystemText,
    namespace: SystemText,
    pod: SystemText,
    /** The pod's default one if absent. */
    container: SystemText.optional(),
    command: z.array(SystemText).optional(),
    terminal: z.object({ columns: TerminalExtent, rows: TerminalExtent }).optional(),
    confirmed: SystemText.optional(),
    by: SystemText,
  }),
  z.object({
    stream: z.number().int(),
    command: z.array(z.string()),
    container: z.string(),
    /** The same as a command of `kubectl`. */
    kubectl: z.string(),
  }),
);

/** A new container within a running pod, with tools of its own, and a shell or command in it. It stays in the pod's record. */
export const debugPod = request(
  'clusters/debug',
  z.object({
    context: SystemText,
    namespace: SystemText,
    pod: SystemText,
    /** The container whose processes it shares; the pod's default one if absent. */
    target: SystemText.optional(),
    image: SystemText,
    /** The image's own if absent. */
    command: z.array(SystemText).optional(),
    terminal: z.object({ columns: TerminalExtent, rows: TerminalExtent }).optional(),
    confirmed: SystemText.optional(),
    by: SystemText,
  }),
  z.object({ stream: z.number().int(), container: z.string(), kubectl: z.string() }),
  { answerMs: 5 * 60_000 },
);

/**
 * Cordons a node and evicts its pods; those of DaemonSets stay. A stream: each step is a line, `streams/ended` has exit 0
 * where all have gone. What a PodDisruptionBudget blocks is told, and tried again until `seconds` are over.
 */
export const drainNode = request(
  'clusters/drain',
  z.object({
    context: SystemText,
    node: SystemText,
    /** Also pods that no controller would make again. */
    force: z.boolean().default(false),
    /** Also pods with `emptyDir` volumes, whose data is lost. */
    deleteEmptyDir: z.boolean().default(false),
    /** Seconds that each pod has to end by itself; its own if absent. */
    grace: z.number().int().min(0).optional(),
    seconds: z.number().int().min(1).max(86_400).default(600),
    confirmed: SystemText.optional(),
    by: SystemText,
  }),
  z.object({ stream: z.number().int(), kubectl: z.string() }),
);

/** A port of a pod, workload or service that is reached by one of this machine. */
export const Forward = z.object({
  id: z.string(),
  context: z.string(),
  namespace: z.string(),
  /** `Kind.id` and name of what was asked for; `pod` that it leads to now. */
  kind: z.string(),
  name: z.string(),
  pod: z.string().optional(),
  /** Of loopback. */
  local: z.number().int(),
  remote: z.number().int(),
  /** `waiting`: its pod has gone, and another is awaited. */
  state: z.enum(['ready', 'waiting', 'failed']),
  message: z.string().optional(),
  /** Connections that are open. */
  connections: z.number().int(),
  /** The same as a command of `kubectl`. */
  kubectl: z.string(),
});
export type Forward = z.infer<typeof Forward>;

/** Forwards a port until {@link endForward} or the connection's end. `local`: a free one if absent. */
export const forwardPort = request(
  'clusters/forward',
  z.object({
    context: SystemText,
    namespace: SystemText,
    kind: SystemText,
    name: SystemText,
    /** Number, or name of a port of the container or service. */
    remote: z.union([z.number().int().min(1).max(65_535), SystemText]),
    local: z.number().int().min(1).max(65_535).optional(),
    confirmed: SystemText.optional(),
    by: SystemText,
  }),
  z.object({ forward: Forward }),
);
export const endForward = request('clusters/endForward', z.object({ id: SystemText }), z.object({}));
/** All forwards of this connection, when one is new, has gone or has another state. */
export const forwardsChanged = notification(
  'clusters/forwards',
  'agent',
  z.object({ forwards: z.array(Forward) }),
);
