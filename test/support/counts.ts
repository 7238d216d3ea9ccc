import { writeFileSync } from 'node:fs';

/** How many tests passed, failed and were skipped. `scripts/test.mjs` adds up those of all its parts. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** Title and message of each that failed. */
  named?: string[];
}

/** Leaves the counts where `scripts/test.mjs` asked for them. */
export function leaveCounts(counts: Counts): void {
  const file = process.env['HANDRAIL_TEST_COUNTS'];
  if (file) writeFileSync(file, JSON.stringify(counts));
}
