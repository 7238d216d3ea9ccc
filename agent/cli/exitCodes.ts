/** How the program ends; other people's scripts rely on these. */
export const exitCodes = {
  passed: 0,
  /** A step failed, or what was looked at is not well. */
  failed: 1,
  /** Wrong usage, a runbook that cannot be run, or something Handrail needs that is not there. */
  unusable: 2,
  /** Approval or input is missing and nobody is there to give it. */
  needsAnswer: 3,
  cancelled: 130,
  terminated: 143,
} as const;
