import * as z from 'zod';
import { request } from './message';
import { AbsolutePath, SystemText, TerminalExtent } from './system';
import { EngineEnvironment } from './endpoints';

// What a person can do to what an engine has. Each is in the audit log with who, endpoint and outcome.

/** An engine waits for what a container makes of being stopped, and for disks. */
const slow = { answerMs: 15 * 60_000 };

const Seconds = z.number().int().min(0).max(86_400);

/** Done to containers, one by one. `seconds`: how long it may take to end by itself. */
export const ContainerAction = z.discriminatedUnion('do', [
  z.object({ do: z.literal('start') }),
  z.object({ do: z.literal('stop'), seconds: Seconds.optional() }),
  z.object({ do: z.literal('restart'), seconds: Seconds.optional() }),
  z.object({ do: z.literal('pause') }),
  z.object({ do: z.literal('unpause') }),
  z.object({ do: z.literal('kill'), signal: z.string().regex(/^(SIG)?[A-Z0-9+-]{1,12}$|^\d{1,2}$/) }),
  z.object({ do: z.literal('rename'), name: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/) }),
  z.object({
    do: z.literal('remove'),
    force: z.boolean().default(false),
    volumes: z.boolean().default(false),
  }),
]);
export type ContainerAction = z.infer<typeof ContainerAction>;

/** Done to images, volumes, networks. */
export const ObjectAction = z.discriminatedUnion('do', [
  z.object({ do: z.literal('removeImage'), force: z.boolean().default(false) }),
  z.object({ do: z.literal('removeVolume'), force: z.boolean().default(false) }),
  z.object({ do: z.literal('removeNetwork') }),
  z.object({ do: z.literal('tagImage'), tag: SystemText }),
]);
export type ObjectAction = z.infer<typeof ObjectAction>;

export const EngineAction = z.union([ContainerAction, ObjectAction]);
export type EngineAction = z.infer<typeof EngineAction>;

/** How it went for one: `unchanged` where it was so already (304). */
export const ActionOutcome = z.object({
  id: z.string(),
  name: z.string(),
  outcome: z.enum(['done', 'unchanged', 'failed']),
  message: z.string().optional(),
  hint: z.string().optional(),
});
export type ActionOutcome = z.infer<typeof ActionOutcome>;

/** Does it to each, at most 8 at once; an outcome for each, in the order given. */
export const actOn = request(
  'containers/act',
  z.object({
    endpoint: SystemText,
    action: EngineAction,
    ids: z.array(SystemText).min(1).max(1000),
    by: SystemText,
  }),
  z.object({ outcomes: z.array(ActionOutcome) }),
  slow,
);

/** What a person looks at, or into. */
export const ContainerLook = z.discriminatedUnion('do', [
  z.object({ do: z.literal('logs') }),
  z.object({ do: z.literal('shell') }),
]);
export type ContainerLook = z.infer<typeof ContainerLook>;

/** The same as commands of the `docker` program, one a line, quoted for a shell; for showing and copying. */
export const actionCommand = request(
  'containers/command',
  z.object({
    endpoint: SystemText,
    action: z.union([EngineAction, ContainerLook]),
    ids: z.array(SystemText).min(1).max(1000),
  }),
  z.object({ commands: z.array(z.string()) }),
);

export const PruneKind = z.enum([
  'containers',
  'images',
  'danglingImages',
  'volumes',
  'networks',
  'buildCache',
]);
export type PruneKind = z.infer<typeof PruneKind>;

/** What pruning would take away: names (at most 100, `count` in all) and bytes where the engine tells. */
export const previewPrune = request(
  'containers/previewPrune',
  z.object({ endpoint: SystemText, kind: PruneKind }),
  z.object({
    count: z.number().int(),
    names: z.array(z.string()),
    bytes: z.number().optional(),
    command: z.string(),
  }),
  slow,
);
export const prune = request(
  'containers/prune',
  z.object({ endpoint: SystemText, kind: PruneKind, by: SystemText }),
  z.object({ count: z.number().int(), bytes: z.number() }),
  slow,
);

/** Pulls an image; the stream tells each layer's progress as lines of JSON: {@link PullProgress}. */
export const pullImage = request(
  'containers/pull',
  z.object({ endpoint: SystemText, reference: SystemText, by: SystemText }),
  z.object({ stream: z.number().int() }),
  slow,
);
/** `done` and `total` are bytes over all layers known so far. */
export const PullProgress = z.object({
  text: z.string(),
  layers: z.number().int(),
  layersDone: z.number().int(),
  done: z.number(),
  total: z.number(),
});
export type PullProgress = z.infer<typeof PullProgress>;

/** Makes and starts a container of an image. */
export const runImage = request(
  'containers/run',
  z.object({
    endpoint: SystemText,
    image: SystemText,
    name: SystemText.optional(),
    command: z.array(SystemText).default([]),
    env: z.record(z.string(), SystemText).default({}),
    /** `8080:80`, `127.0.0.1:8080:80/tcp`. */
    publish: z.array(SystemText).default([]),
    /** `/host:/in/container[:ro]`, `volume:/in/container`. */
    mounts: z.array(SystemText).default([]),
    remove: z.boolean().default(false),
    by: SystemText,
  }),
  z.object({ id: z.string() }),
  slow,
);

/** A command in a container, with a terminal or pipes. No command: the best shell there is. */
export const execIn = request(
  'containers/exec',
  z.object({
    endpoint: SystemText,
    container: SystemText,
    command: z.array(SystemText).optional(),
    user: SystemText.optional(),
    workdir: SystemText.optional(),
    env: z.record(z.string(), SystemText).default({}),
    terminal: z.object({ columns: TerminalExtent, rows: TerminalExtent }).optional(),
    by: SystemText,
  }),
  z.object({ stream: z.number().int(), command: z.array(z.string()) }),
);

/** Compose commands on a project (or some of its services), by the compose program where it is installed. */
export const composeDo = request(
  'containers/compose',
  z.object({
    endpoint: SystemText,
    project: SystemText,
    services: z.array(SystemText).default([]),
    do: z.enum(['up', 'stop', 'start', 'restart', 'down', 'downVolumes', 'pull', 'build']),
    environment: EngineEnvironment,
    by: SystemText,
  }),
  z.object({ stream: z.number().int(), command: z.string() }),
);

/** A file or folder within a container, without following links. */
export const FileEntry = z.object({
  name: z.string(),
  type: z.enum(['file', 'folder', 'link', 'other']),
  size: z.number(),
  /** As `ls` writes it: `-rw-r--r--`. */
  mode: z.string(),
  modifiedAt: z.number(),
  link: z.string().optional(),
});
export type FileEntry = z.infer<typeof FileEntry>;

const FileAt = z.object({ endpoint: SystemText, container: SystemText, path: SystemText });

/** Names in order, folders first; `more`: beyond 5,000. Works on stopped containers, too. */
export const listFiles = request(
  'containers/files',
  FileAt,
  z.object({ entries: z.array(FileEntry), more: z.boolean() }),
);
/** The first `maxBytes` of a file, base64. */
export const readFileIn = request(
  'containers/readFile',
  FileAt.extend({
    maxBytes: z
      .number()
      .int()
      .positive()
      .max(4 * 1024 * 1024)
      .default(1024 * 1024),
  }),
  z.object({ data: z.string(), size: z.number(), cut: z.boolean() }),
);
/** What was copied; `leftOut`: links that lead out of it, devices, pipes, sockets. */
const Copied = z.object({
  bytes: z.number(),
  files: z.number().int(),
  leftOut: z.number().int().default(0),
});
/** Copies a file or folder out of a container: to `to`, which must not be there; a file may with `replace`. */
export const downloadFrom = request(
  'containers/download',
  FileAt.extend({ to: AbsolutePath, replace: z.boolean().default(false), by: SystemText }),
  Copied,
  slow,
);
/** Copies a file or folder into the folder `path` of a container. */
export const uploadTo = request(
  'containers/upload',
  FileAt.extend({ from: AbsolutePath, by: SystemText }),
  Copied,
  slow,
);
