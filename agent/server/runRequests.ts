import type { RunRequest } from '../engine/types';
import { HandrailError } from '../protocol/errors';
import type { ParamsOf, ResultOf } from '../protocol/message';
import type {
  answerStep,
  cancelRun,
  getRun,
  lastSteps,
  listRuns,
  RunState,
  startRun,
  unwatchRuns,
  watchRuns,
} from '../protocol/runs';
import type { Agent } from './agent';
import type { Client } from './client';
import { summaryOf } from './changeQueue';
import { findActive, findRun, findStep } from './findRun';
import { endLeft, leftOf, withoutGone } from './leftRunning';

/** Answers {@link startRun}. */
export function start(request: RunRequest, agent: Agent, client: Client): ResultOf<typeof startRun> {
  const started = agent.startRun(request);
  const { id, file, stepsTotal } = started.run;
  agent.log.info('Run started', { run: id, file, steps: stepsTotal, by: client.id });
  return started;
}

/** Answers {@link cancelRun}. */
export async function cancel(
  { run, step }: { run: string; step?: number | undefined },
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof cancelRun>> {
  const found = findRun(agent.engine(), run);
  const isOver = found.state !== 'running' || (step !== undefined && found.steps[step]?.state === 'passed');
  const left = isOver ? leftOf(agent, found, step) : [];
  if (left.length > 0) {
    await endLeft(agent, found, left, client);
    return {};
  }
  const active = findActive(agent.engine(), run);
  agent.log.info('Run cancelled', { run: active.record.id, step, by: client.id });
  active.cancel(step);
  return {};
}

/** Answers {@link answerStep}. */
export function answer(
  { run, step, approve, typed, by }: ParamsOf<typeof answerStep>,
  agent: Agent,
  client: Client,
): ResultOf<typeof answerStep> {
  const active = findActive(agent.engine(), run);
  const { asks, state, typed: wanted } = findStep(active.record, step);
  const details = { run: active.record.id, step, state };
  if (asks === undefined) throw new HandrailError('invalidState', 'The step does not ask', details);
  if (approve && wanted !== undefined && typed !== wanted)
    throw new HandrailError('invalidState', `To approve it, type ${wanted}`, details);
  agent.log.info('Step answered', { run: active.record.id, step, approve, by: client.id });
  active.answer(step, approve, by);
  return {};
}

interface ListQuery {
  readonly limit: number;
  readonly before?: string | undefined;
  readonly file?: string | undefined;
  readonly state?: RunState | undefined;
}

/** Answers {@link listRuns}. */
export function listRecorded(query: ListQuery, agent: Agent): ResultOf<typeof listRuns> {
  const { limit, before, file, state } = query;
  const { store, runs } = agent.engine();
  const page = store.list({
    limit,
    ...(before !== undefined && { before }),
    ...(file !== undefined && { file }),
    ...(state !== undefined && { state }),
  });
  // The history may not have the latest state where it could not be written.
  const latest = page.runs.map(run => {
    const active = runs.active(run.id)?.record;
    return active === undefined ? run : summaryOf(active);
  });
  return { ...page, runs: latest };
}

/** Answers {@link getRun}. */
export function tellRun({ run }: { run: string }, agent: Agent): ResultOf<typeof getRun> {
  return { run: withoutGone(agent, findRun(agent.engine(), run)) };
}

/** Answers {@link lastSteps}. */
export function tellLastSteps({ file }: { file: string }, agent: Agent): ResultOf<typeof lastSteps> {
  return { steps: agent.engine().store.lastSteps(file) };
}

/** Answers {@link watchRuns}. */
export function watch(
  { run }: { run?: string | undefined },
  agent: Agent,
  client: Client,
): ResultOf<typeof watchRuns> {
  const id = run === undefined ? undefined : findRun(agent.engine(), run).id;
  return { watch: client.changes.watch(id) };
}

/** Answers {@link unwatchRuns}. */
export function stopWatching(
  params: { watch: number },
  _agent: Agent,
  client: Client,
): ResultOf<typeof unwatchRuns> {
  client.changes.unwatch(params.watch);
  return {};
}
