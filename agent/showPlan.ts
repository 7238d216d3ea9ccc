import { planView } from './engine/plan/planView';
import type { Plan } from './engine/types';
import type { PlanView } from './protocol/plan';
import { checkRequirements } from './requirements/checkRequirements';
import type { RunStore } from './store/types';

/**
 * A plan as it is shown, in every face: the tools it requires are looked at, probes are not run, runbooks that should have been run before have
 * the state of their last run. `store`: absent where there is no history.
 */
export async function showPlan(
  plan: Plan,
  store: Pick<RunStore, 'list'> | undefined,
  signal: AbortSignal,
): Promise<PlanView> {
  const checked = await checkRequirements(plan, plan.environment, signal, { onlyShown: true });
  return planView(plan, checked, file => store?.list({ limit: 1, file }).runs[0]?.state);
}
