import * as z from 'zod';
import { request } from './message';
import { SystemText } from './system';

// What came of checks over time. Times are milliseconds, moments since 1970.

const percentiles = { p50: z.number().optional(), p95: z.number().optional(), p99: z.number().optional() };

/** What came of a check within some time; what is missing to its width was not watched. */
export const HistoryPoint = z.object({
  at: z.number(),
  /** Probes. */
  count: z.number(),
  /** Time in each state. */
  up: z.number(),
  degraded: z.number(),
  down: z.number(),
  unknown: z.number(),
  maintenance: z.number(),
  /** How long the probes took that were well; none where there was none. */
  ...percentiles,
});
export type HistoryPoint = z.infer<typeof HistoryPoint>;

/** How much of the time that was watched a check was up or degraded. */
export const Uptime = z.object({
  /** From 0 to 1; nothing where it was not watched. Neither `unknown` nor `maintenance` counts. */
  up: z.number().optional(),
  down: z.number(),
  /** Time that was not watched. */
  gap: z.number(),
});
export type Uptime = z.infer<typeof Uptime>;

/** A time that a check was down. */
export const Incident = z.object({
  from: z.number(),
  /** Nothing while it lasts. */
  to: z.number().optional(),
  message: z.string(),
});
export type Incident = z.infer<typeof Incident>;

export const CheckHistory = z.object({
  from: z.number(),
  to: z.number(),
  /** Length of time that each point is for. */
  width: z.number(),
  /** The oldest first; none for times in which nothing was looked at. */
  points: z.array(HistoryPoint),
  percentiles: z.object(percentiles),
  /** The last 24 hours, 7 days, 30 days before `to`. */
  uptime: z.object({ day: Uptime, week: Uptime, month: Uptime }),
  /** The newest first. */
  incidents: z.array(Incident),
  /** Whether there were more incidents than are told. */
  isCut: z.boolean(),
  /** Why nothing of now is recorded: the disk is full, another process holds the database. */
  unrecorded: z.string().optional(),
});
export type CheckHistory = z.infer<typeof CheckHistory>;

/** A span of time, in at most so many points. */
export interface HistorySpan {
  readonly from: number;
  readonly to: number;
  readonly points: number;
}

/** What came of a check: the last 24 hours where nothing else is asked for. */
export const checkHistory = request(
  'health/history',
  z.object({
    check: SystemText,
    from: z.number().optional(),
    to: z.number().optional(),
    points: z.number().int().min(1).max(500).optional(),
  }),
  CheckHistory,
);

/** Has nobody told of a check until then, up to 30 days from now; without a time: no longer muted. */
export const muteCheck = request(
  'health/mute',
  z.object({ check: SystemText, until: z.number().optional(), by: SystemText }),
  z.object({}),
);
