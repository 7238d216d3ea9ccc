import { userName } from '../client/userName';
import { detachedMark } from '../detachedMark';
import { endDetached } from '../executors/endDetached';
import { HandrailError } from '../protocol/errors';
import type { RunRecord } from '../protocol/runs';
import type { DetachedStep } from '../store/types';
import type { Agent } from './agent';
import type { Client } from './client';

/** What a run left running on purpose (`background=detach`) and that goes on now: all of it, or one step's. */
export function leftOf(agent: Agent, run: RunRecord, step?: number): DetachedStep[] {
  const { store } = agent.engine();
  return store.detached.list().filter(one => one.run === run.id && (step === undefined || one.step === step));
}

/**
 * Ends it, and tells everybody connected.
 *
 * @throws HandrailError `invalidState` where the system does not let it be ended, `store` where that cannot be logged
 */
export async function endLeft(
  agent: Agent,
  run: RunRecord,
  left: readonly DetachedStep[],
  client: Client,
): Promise<void> {
  const { store } = agent.engine();
  for (const step of left) {
    const actor = `${userName(process.env)} via ${client.kind}`;
    const details = { run: step.run, pid: step.pid };
    store.audit.append({ action: 'step.stopped', actor, subject: step.name, details });
    const { message } = await endDetached({ ...step, mark: detachedMark(step.run, step.step) });
    if (message !== undefined)
      throw new HandrailError('invalidState', message, { run: step.run, state: 'detached' });
    store.detached.remove(step.run, step.step);
    agent.log.info('Detached step stopped', { run: step.run, step: step.step, by: client.id });
  }
  withoutGone(agent, run);
}

/** A run as it is now: what it had left running and has ended since is told to everybody connected. */
export function withoutGone(agent: Agent, run: RunRecord): RunRecord {
  const detached = run.steps.filter(({ background }) => background === 'detached');
  const { store, runs } = agent.engine();
  if (detached.length === 0 || runs.active(run.id) !== undefined) return run;
  const there = new Set(leftOf(agent, run).map(({ step }) => step));
  if (detached.every(({ index }) => there.has(index))) return run;
  const now = store.find(run.id) ?? run;
  for (const { index } of detached) {
    const step = now.steps[index];
    if (step !== undefined && !there.has(index)) agent.feed.stepChanged(now, step);
  }
  return now;
}
