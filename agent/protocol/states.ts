/** States of runs and steps, and why a step ended. Plain data: the store needs them without the schemas. */

/** `not-run`: an earlier failure or a cancel kept it from starting. `interrupted`: its host process died. */
export const stepStates = [
  'pending',
  'running',
  'passed',
  'failed',
  'skipped',
  'cancelled',
  'interrupted',
  'not-run',
] as const;
export type StepState = (typeof stepStates)[number];

export const runStates = ['running', 'passed', 'failed', 'cancelled', 'interrupted'] as const;
export type RunState = (typeof runStates)[number];

/**
 * Why a step ended: recorded once, the first reason wins. `error`: it could not be started, `lost`: it ran in part,
 * then what it ran in was gone (`message` says why).
 * `skipped` steps have `satisfied` or `guard`.
 */
export const endReasons = [
  'exit',
  'signal',
  'timeout',
  'cancel',
  'interrupted',
  'error',
  'lost',
  'satisfied',
  'guard',
] as const;
export type EndReason = (typeof endReasons)[number];
