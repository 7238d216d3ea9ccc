import type { RunState } from '../../protocol/runs';
import { exitCodes } from '../exitCodes';

/** The exit code that tells how a run ended. */
export function exitOf(run: { readonly state: RunState }): number {
  switch (run.state) {
    case 'passed':
      return exitCodes.passed;
    case 'failed':
    case 'interrupted':
      return exitCodes.failed;
    case 'cancelled':
      return exitCodes.cancelled;
    case 'running':
      return exitCodes.passed;
  }
}
