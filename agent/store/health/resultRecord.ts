/** States whose time is summed up. */
export const summedStates = ['up', 'degraded', 'down', 'unknown', 'maintenance'] as const;
export type SummedState = (typeof summedStates)[number];

/** What one probe gave, to be recorded. Times are milliseconds, moments since 1970. */
export interface ResultRecord {
  /** Of the check. */
  readonly id: string;
  readonly at: number;
  readonly state: 'up' | 'degraded' | 'down' | 'unknown';
  readonly ms: number;
  /** How the check stands now; given back by `kept`. */
  readonly status: string;
  /** How it stood since the probe before, and for how long. Nothing where it was not watched: that is a gap. */
  readonly stood?: { readonly as: SummedState; readonly for: number };
  /** The state that it has come into, where that is another than before. */
  readonly turned?: { readonly to: string; readonly message: string };
}

/** What is known of a check from before. */
export interface KeptCheck {
  readonly at: number;
  /** As it was recorded. */
  readonly status: string | undefined;
  readonly muted: { readonly until: number; readonly by: string } | undefined;
  /** The last probes, the oldest first. */
  readonly recent: readonly { readonly state: ResultRecord['state']; readonly ms: number }[];
}

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
/** What is summed up, the shortest first, and for how long that is kept. */
export const spans = [
  { span: minute, kept: 3 * day },
  { span: hour, kept: 100 * day },
  { span: day, kept: 3 * 366 * day },
] as const;
