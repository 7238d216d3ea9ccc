import type { CellKey } from '../../runbook/cellKey';

/** The cells that passed in a session: {@link passedKey}, and when (milliseconds since 1970). */
export type PassedCells = Map<string, number>;

/** The same as long as the cell is the same, its text unchanged, and it runs where it ran: each target has a state of its own. */
export function passedKey(key: CellKey, target = 'local'): string {
  const cell = key.name === undefined ? [key.section, key.ordinal, key.hash] : [key.name, key.hash];
  return JSON.stringify(target === 'local' ? cell : [...cell, { target }]);
}

/** The session's state that a run begins with, of an earlier run. */
export interface RestoredState {
  /** Its file. */
  readonly path: string;
  /** {@link passedKey} of the cells that passed in that run. */
  readonly passed: ReadonlySet<string>;
  /** When that run began, where it had this session: what passed before is in the state. */
  readonly since: number | undefined;
}

/** What has passed in a state that a session goes back to: nothing of what passed in the state that it leaves. */
export function rewound(
  before: ReadonlyMap<string, number>,
  { passed, since = -Infinity }: RestoredState,
  now: number,
): PassedCells {
  const kept = [...before].filter(([, time]) => time < since);
  return new Map([...kept, ...[...passed].map(key => [key, now] as const)]);
}
