import * as z from 'zod';
import { EndpointState } from './endpoints';
import { notification, request } from './message';
import { SystemText } from './system';

// What the engines have, as rows: what a list shows. All else of one thing is got by `inspectObject` when asked for.

export const ContainerState = z.enum([
  'created',
  'running',
  'paused',
  'restarting',
  'removing',
  'exited',
  'dead',
]);
export type ContainerState = z.infer<typeof ContainerState>;

export const Port = z.object({
  /** Address on the host; absent where it is not published. */
  ip: z.string().optional(),
  public: z.number().int().optional(),
  private: z.number().int(),
  protocol: z.string(),
});
export type Port = z.infer<typeof Port>;

export const ContainerRow = z.object({
  kind: z.literal('container'),
  /** The engine's id, whole. */
  id: z.string(),
  /** Without the leading slash. */
  name: z.string(),
  image: z.string(),
  imageId: z.string(),
  command: z.string(),
  state: ContainerState,
  /** Where it has a health check. */
  health: z.enum(['starting', 'healthy', 'unhealthy']).optional(),
  /** Of one that has exited, where the engine tells. */
  exit: z.number().int().optional(),
  /** Since when it is in `state`, ms; `coarse` where the engine only told in words (`Up 3 hours`). */
  since: z.number().optional(),
  coarse: z.boolean().optional(),
  createdAt: z.number(),
  /** How often the engine started it again by itself, where known. */
  restarts: z.number().int().optional(),
  ports: z.array(Port),
  /** Cut to a bounded size; `inspectObject` has all. */
  labels: z.record(z.string(), z.string()),
  /** From compose's labels. */
  project: z.string().optional(),
  service: z.string().optional(),
});
export type ContainerRow = z.infer<typeof ContainerRow>;

export const ImageRow = z.object({
  kind: z.literal('image'),
  id: z.string(),
  /** `name:tag`; none: dangling. */
  tags: z.array(z.string()),
  /** Bytes. */
  size: z.number(),
  createdAt: z.number(),
  /** Ids of containers made of it. */
  usedBy: z.array(z.string()),
});
export type ImageRow = z.infer<typeof ImageRow>;

export const VolumeRow = z.object({
  kind: z.literal('volume'),
  /** Its name. */
  id: z.string(),
  driver: z.string(),
  mountpoint: z.string(),
  createdAt: z.number().optional(),
  project: z.string().optional(),
  usedBy: z.array(z.string()),
});
export type VolumeRow = z.infer<typeof VolumeRow>;

export const NetworkRow = z.object({
  kind: z.literal('network'),
  id: z.string(),
  name: z.string(),
  driver: z.string(),
  scope: z.string(),
  createdAt: z.number().optional(),
  project: z.string().optional(),
  subnets: z.array(z.string()),
  usedBy: z.array(z.string()),
});
export type NetworkRow = z.infer<typeof NetworkRow>;

/** One thing that an engine has. `kind` and `id` together are unique within an endpoint. */
export const EngineRow = z.discriminatedUnion('kind', [ContainerRow, ImageRow, VolumeRow, NetworkRow]);
export type EngineRow = z.infer<typeof EngineRow>;

export const RowKind = z.enum(['container', 'image', 'volume', 'network']);
export type RowKind = z.infer<typeof RowKind>;

/**
 * Connects the endpoint, if that is not so already, and sends {@link engineChanged}: first its state, then all rows of
 * the kinds asked for, then what changes. Watching again adds kinds. An endpoint that nobody watches is let go after
 * a minute.
 */
export const watchEngine = request(
  'containers/watch',
  z.object({ endpoint: SystemText, kinds: z.array(RowKind).min(1) }),
  z.object({}),
);
export const unwatchEngine = request('containers/unwatch', z.object({ endpoint: SystemText }), z.object({}));

/**
 * What is new since the last one. One is under way at a time on a connection: the next follows {@link ackEngines} and
 * holds only the latest of each row, so a slow client costs one entry a row.
 */
export const engineChanged = notification(
  'containers/changed',
  'agent',
  z.object({
    number: z.number().int(),
    engines: z.array(
      z.object({
        endpoint: z.string(),
        state: EndpointState.optional(),
        /** Kinds whose rows known so far are void: all that are there come with this and the next ones until `complete`. */
        reset: z.array(RowKind).default([]),
        /** Kinds of which all rows have been told. */
        complete: z.array(RowKind).default([]),
        rows: z.array(EngineRow),
        gone: z.array(z.object({ kind: RowKind, id: z.string() })),
      }),
    ),
  }),
);
export const ackEngines = notification('containers/ack', 'client', z.object({ number: z.number().int() }));

/** Everything the engine tells of one thing, as it says it. */
export const inspectObject = request(
  'containers/inspect',
  z.object({ endpoint: SystemText, kind: RowKind, id: SystemText }),
  z.object({ found: z.record(z.string(), z.unknown()) }),
);

/** Processes within a container: what `docker top` shows. */
export const listProcesses = request(
  'containers/top',
  z.object({ endpoint: SystemText, container: SystemText }),
  z.object({ titles: z.array(z.string()), processes: z.array(z.array(z.string())) }),
);

/** A step of how an image was built. */
export const ImageLayer = z.object({
  createdAt: z.number(),
  /** The instruction, as the builder wrote it down. */
  by: z.string(),
  /** Bytes that it added. */
  size: z.number(),
  tags: z.array(z.string()),
  comment: z.string(),
});
export type ImageLayer = z.infer<typeof ImageLayer>;

/** How an image was built, its last step first: what `docker history` shows. */
export const imageHistory = request(
  'containers/imageHistory',
  z.object({ endpoint: SystemText, image: SystemText }),
  z.object({ layers: z.array(ImageLayer) }),
);

/** What a container uses. Bytes are since its start; `cpu` is per cent of one core. */
export const Stats = z.object({
  id: z.string(),
  time: z.number(),
  cpu: z.number(),
  memory: z.number(),
  memoryLimit: z.number(),
  received: z.number(),
  sent: z.number(),
  read: z.number(),
  written: z.number(),
});
export type Stats = z.infer<typeof Stats>;

/** The containers whose stats this client wants to see now, in place of those before; none ends it. */
export const watchStats = request(
  'containers/watchStats',
  z.object({ endpoint: SystemText, containers: z.array(SystemText).max(50) }),
  z.object({}),
);
/** At most one a second and endpoint, with the newest of each container; not acknowledged, dropped for a slow client. */
export const statsChanged = notification(
  'containers/stats',
  'agent',
  z.object({ endpoint: z.string(), stats: z.array(Stats) }),
);
