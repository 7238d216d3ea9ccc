import type { RunRequest } from '../engine/types';
import type { ResultOf } from '../protocol/message';
import type { planRun } from '../protocol/runs';
import { showPlan } from '../showPlan';
import type { Agent } from './agent';

/** Milliseconds for looking at all that a plan requires; each of them has a deadline of its own. */
const patience = 60_000;

/** Answers {@link planRun}. */
export async function plan(request: RunRequest, agent: Agent): Promise<ResultOf<typeof planRun>> {
  const { runs, store } = agent.engine();
  const planned = runs.plan(request);
  const view = await showPlan(planned, store, AbortSignal.timeout(patience));
  return { plan: view };
}
