import type { Variables } from '../step/capturedStdout';
import type { RunUnderway } from './runUnderway';
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
  judge(only, end, group, run);
  return [{ step: only, end }];
}

/** At once: what the others of the group have not begun by then they do not begin any more. */
function judge(
  step: PlannedStep,
  end: StepEnd | undefined,
  group: readonly PlannedStep[],
  { course, underway }: RunUnderway,
): void {
  // One that undoes something decides nothing for the others.
  if (step.role === 'rollback') return;
  course.judge(step, end, Math.max(...group.map(({ index }) => index)));
  if (course.isOver) underway.halt(course.notRun);
}

async function takeTogether(group: readonly PlannedStep[], run: RunUnderway): Promise<EndedStep[]> {
  const ends = new Map<number, StepEnd | undefined>();
  const given = new Map<number, Variables>();
  // All at once: what one gives reaches none of the others, whoever is first.
  const waiting = group.map(step => ({ step, session: run.setting.lease.session.fork() }));
  const together = group.length > 1 && run.setting.parallel > 1;
  const copies = waiting.map(({ session }) => session);
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !run.course.isOver; next = waiting.shift()) {
      const { step, session } = next;
      const assignAll = (variables: Variables): void => {
        given.set(step.index, variables);
        assignInOrder(group, given, run);
      };
      const end = await takeStep(step, { session, together, assign: assignAll }, run);
      ends.set(step.index, end);
      judge(step, end, group, run);
    }
  };
  const workers = Array.from({ length: Math.min(run.setting.parallel, group.length) }, work);
  const settled = await Promise.allSettled(workers);
  await Promise.all(copies.map(session => session.close()));
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  return group.map(step => ({ step, end: ends.get(step.index) }));
}

/**
 * At once, so that they are on disk before the step is told to have passed; and in the order of the plan, whoever was
 * first, so that a run gives the same each time.
 */
function assignInOrder(
  group: readonly PlannedStep[],
  given: ReadonlyMap<number, Variables>,
  run: RunUnderway,
): void {
  const all = group.flatMap(({ index }) => [...(given.get(index) ?? [])]);
  assign(run, new Map(all));
}

function assign({ setting }: RunUnderway, variables: Variables): void {
  if (variables.size > 0) setting.lease.session.assign(variables);
}
