import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { planRun } from '../../engine/plan/planRun';
import { planWorld } from '../../engine/plan/planWorld';
import type { Plan, RunRequest } from '../../engine/types';
import { hostRuns } from '../../hostRuns';
import { privateFolder } from '../../privateFolder';
import type { PlanView } from '../../protocol/plan';
import { sessionFolder } from '../../sessionFolder';
import { showPlan } from '../../showPlan';
import { openHistory } from '../../openHistory';
import type { RunStore } from '../../store/types';
import type { Call } from '../call';
import { exitCodes } from '../exitCodes';
import { wordPlan } from './wordPlan';

/** Prints the plan that a run would follow, and runs nothing: only tools of the PATH are asked for their versions. */
export async function dryRun(call: Call, request: RunRequest): Promise<number> {
  const view = await planFor(call, request);
  const event = { type: 'run.planned', v: 1, seq: 1, time: new Date().toISOString(), run: null, plan: view };
  const { stdout } = call.terminal;
  await stdout.write(
    call.options.flag('jsonl') ? `${JSON.stringify(event)}\n` : wordPlan(view, stdout.paint, call.cwd),
  );
  return exitCodes.passed;
}

async function planFor(call: Call, request: RunRequest): Promise<PlanView> {
  const { data } = call.folders();
  // Looking makes no history.
  const store = existsSync(data) && !call.options.flag('no-record') ? openHistory(call.folders()) : undefined;
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  process.once('SIGINT', stop);
  try {
    const plan = await planned(call, request, store);
    return await showPlan(plan, store, stopped.signal);
  } finally {
    process.off('SIGINT', stop);
    store?.close();
  }
}

async function planned(call: Call, request: RunRequest, store: RunStore | undefined): Promise<Plan> {
  const folders = call.folders();
  if (request.continues === undefined || store === undefined) {
    const lastInputs = (file: string): Record<string, string> => store?.lastInputs(file) ?? {};
    const recorded = !call.options.flag('no-record');
    return planRun(request, { ...planWorld(folders), lastInputs, onlyShown: true, recorded });
  }
  const sessions = sessionFolder(join(privateFolder(folders.runtime), 'cli-sessions'));
  const hosted = hostRuns({ store, folders, sessions });
  try {
    return hosted.runs.plan(request);
  } finally {
    await hosted.close();
  }
}
