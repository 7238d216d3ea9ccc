import type { Variables } from '../step/capturedStdout';
import type { RunUnderway } from './runUnderway';
import { saveState } from './saveState';
import type { StepEnd } from '../step/stepEnd';
import { takeStep } from '../step/takeStep';
import type { PlannedStep } from '../types';

/** A step and how it ended; nothing where its turn did not come. */
export interface EndedStep {
  readonly step: PlannedStep;
  readonly end: StepEnd | undefined;
}

/** Brings steps to their end that may run at the same time: one in the run's session, several in copies of it. */
export async function takeGroup(group: readonly PlannedStep[], run: RunUnderway): Promise<EndedStep[]> {
  const [only, ...others] = group;
  if (only === undefined || others.length > 0) return takeTogether(group, run);
  const { session } = run.setting.lease;
  const end = await takeStep(only, { session, assign: variables => assign(run, variables) }, run);
  return [{ step: only, end }];
}

async function takeTogether(group: readonly PlannedStep[], run: RunUnderway): Promise<EndedStep[]> {
  const ends = new Map<number, StepEnd | undefined>();
  const given = new Map<number, Variables>();
  const waiting = [...group];
  let isOver = false;
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined && !isOver; step = waiting.shift()) {
      const end = await takeInCopy(step, run, given);
      ends.set(step.index, end);
      isOver ||= end?.state === 'failed' && run.course.endsWith(step);
    }
  };
  const workers = Array.from({ length: Math.min(run.setting.parallel, group.length) }, work);
  const settled = await Promise.allSettled(workers);
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  // In the order of the plan, whoever was first: so that a run gives the same each time.
  for (const { index } of group) {
    const variables = given.get(index);
    if (variables) assign(run, variables);
  }
  if (given.size > 0) saveForResume(group, ends, run);
  return group.map(step => ({ step, end: ends.get(step.index) }));
}

async function takeInCopy(
  step: PlannedStep,
  run: RunUnderway,
  given: Map<number, Variables>,
): Promise<StepEnd | undefined> {
  const session = run.setting.lease.session.fork();
  try {
    return await takeStep(step, { session, assign: variables => void given.set(step.index, variables) }, run);
  } finally {
    await session.close();
  }
}

function assign({ setting }: RunUnderway, variables: Variables): void {
  if (variables.size > 0) setting.lease.session.assign(variables);
}

/** What passed beside a step that failed is not run again with it, so the step must find what they gave. */
function saveForResume(
  group: readonly PlannedStep[],
  ends: ReadonlyMap<number, StepEnd | undefined>,
  run: RunUnderway,
): void {
  for (const { index } of group) if (ends.get(index)?.state !== 'passed') saveState(index, run);
}
