import type { FiledDiagnostic } from '../../runbook/model';
import type { PlannedStep } from '../types';

/**
 * Where a run is to keep going, a cell that cannot run is a step that fails, and the others are run. A fault of
 * something that all cells need, or of a cell that undoes another one, is still one of the run; so is the fault of its
 * only cell. `borne`: the errors that the run is not refused for.
 */
export function bearFaults(
  steps: readonly PlannedStep[],
  problems: readonly FiledDiagnostic[],
  keepsGoing: boolean,
): { steps: readonly PlannedStep[]; borne: readonly FiledDiagnostic[] } {
  if (!keepsGoing) return { steps, borne: [] };
  const borne = problems.filter(problem => problem.severity === 'error' && concernsOnly(problem, steps));
  const withFaults = steps.map(step => {
    const problem = borne.find(one => concerns(one, step));
    return problem === undefined ? step : { ...step, fault: worded(problem) };
  });
  return withFaults.every(({ fault }) => fault !== undefined)
    ? { steps, borne: [] }
    : { steps: withFaults, borne };
}

/** Whether it concerns cells of the run, and none that undoes another one. */
function concernsOnly(problem: FiledDiagnostic, steps: readonly PlannedStep[]): boolean {
  const concerned = steps.filter(step => concerns(problem, step));
  return concerned.length > 0 && concerned.every(({ role }) => role === 'step');
}

function concerns({ file, cells }: FiledDiagnostic, { cell, from }: PlannedStep): boolean {
  return file === from.file && cells?.includes(cell.name) === true;
}

function worded({ line, column, message, hint }: FiledDiagnostic): string {
  return `${line}:${column}: ${message.replace(/\.$/, '')}.${hint === undefined ? '' : ` ${hint}`}`;
}
