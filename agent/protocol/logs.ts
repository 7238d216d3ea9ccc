import * as z from 'zod';
import { notification, request } from './message';
import { AbsolutePath, SystemText } from './system';

// Logs of containers (and whatever else prints lines with times), merged, followed over restarts.

/** One source of a log that is open. */
export const LogSource = z.object({
  /** Index within the log; what lines refer to. */
  index: z.number().int(),
  /** For a person: the container's or service's name. */
  name: z.string(),
  /** `following`; `waiting`: it or its engine has gone and is awaited; `ended`: nothing more will come. */
  state: z.enum(['following', 'waiting', 'ended']),
  message: z.string().optional(),
  /** When it was started last (RFC 3339), as far as known: what comes after another start is told apart. */
  startedAt: z.string().optional(),
});
export type LogSource = z.infer<typeof LogSource>;

/**
 * A line: source, time (RFC 3339 with nanoseconds, as the engine says), whether stderr, the bytes as text (invalid UTF-8
 * replaced), and true where the line was too long and goes on in the next one of this source and output.
 */
export const LogLine = z.tuple([
  z.number().int(),
  z.string(),
  z.boolean(),
  z.string(),
  z.boolean().optional(),
]);
export type LogLine = z.infer<typeof LogLine>;

/** Which containers: some, or all of a compose project or service, those that come later included. */
export const LogOf = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('containers'), ids: z.array(SystemText).min(1).max(1000) }),
  z.object({ kind: z.literal('project'), project: SystemText, service: SystemText.optional() }),
]);
export type LogOf = z.infer<typeof LogOf>;

export const LogRange = z.object({
  /** Lines of each source to begin with; all if absent. */
  tail: z.number().int().min(0).optional(),
  /** Milliseconds since 1970. */
  since: z.number().optional(),
  until: z.number().optional(),
  follow: z.boolean().default(true),
});

/** Opens a log; {@link logLines} follow. */
export const openLog = request(
  'logs/open',
  z.object({ endpoint: SystemText, of: LogOf, range: LogRange }),
  z.object({ log: z.number().int(), sources: z.array(LogSource) }),
);

/**
 * Lines in order of their times as far as they came together, each once. The next ones come when these are
 * acknowledged, so a slow client holds up the engine and nothing grows.
 */
export const logLines = notification(
  'logs/lines',
  'agent',
  z.object({
    log: z.number().int(),
    number: z.number().int(),
    lines: z.array(LogLine),
    /** All sources, where one is new or has another state. */
    sources: z.array(LogSource).optional(),
    /** Containers that are not followed, as there are too many; told with `sources`. */
    leftOut: z.number().int().optional(),
    /** Nothing more will come. */
    ended: z.boolean().default(false),
  }),
);
export const ackLog = notification(
  'logs/ack',
  'client',
  z.object({ log: z.number().int(), number: z.number().int() }),
);
export const closeLog = request('logs/close', z.object({ log: z.number().int() }), z.object({}));

/**
 * Writes what {@link openLog} would show to a file, whole, not following; in place of what is there. Of several containers
 * each line begins with the name of its own.
 */
export const saveLog = request(
  'logs/save',
  z.object({
    endpoint: SystemText,
    of: LogOf,
    range: LogRange,
    path: AbsolutePath,
    timestamps: z.boolean().default(false),
  }),
  z.object({ bytes: z.number().int(), lines: z.number().int() }),
  { answerMs: 60 * 60_000 },
);
