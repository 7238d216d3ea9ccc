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
  z.object({ log: z.number().int(), sources: z.array(LogSource) }),
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
  z.object({ stream: z.number().int(), command: z.array(z.string()) }),
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
