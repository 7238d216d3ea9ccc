import { planRun } from '../../../../agent/engine/plan/planRun';
import type { PlanSetting } from '../../../../agent/engine/plan/planSetting';
import type { RunRequest } from '../../../../agent/engine/types';
import { HandrailError, type ErrorName } from '../../../../agent/protocol/errors';

/** The error that a plan is refused with. */
export function refusal(request: RunRequest, code: ErrorName, setting: PlanSetting = {}): HandrailError {
  try {
    planRun(request, setting);
  } catch (error) {
    if (error instanceof HandrailError && error.code === code) return error;
    throw error;
  }
  throw new Error('It was not refused');
}
