import { basename } from 'node:path';
import { HandrailError } from '../../protocol/errors';
import type { LockHolder } from '../../store/types';
import { omit } from '../omit';
import type { RunSetting } from '../run/runSetting';
import type { StepControl } from './stepControl';
import type { StepEnd } from './stepEnd';
import type { PlannedStep } from '../types';

/** A lock that a step holds; without one it is nothing to be released. */
export interface HeldLock {
  release(): void;
}

/** Waits until the step has its lock, and says who holds it meanwhile; or gives how the step ended without it. */
export async function obtainLock(
  step: PlannedStep,
  control: StepControl,
  setting: RunSetting,
): Promise<HeldLock | StepEnd> {
  try {
    return await waitForLock(step, control, setting);
  } catch (error) {
    if (!(error instanceof HandrailError)) throw error;
    const message = `The lock ${step.options.lock} could not be taken. ${error.message}`;
    return { state: 'failed', reason: 'error', message };
  }
}

async function waitForLock(
  step: PlannedStep,
  control: StepControl,
  { locks, recorder, environment, host, clock, timeout }: RunSetting,
): Promise<HeldLock | StepEnd> {
  const { lock: name } = step.options;
  if (name === undefined || locks === undefined) return { release: () => undefined };
  const { id, file } = recorder.run;
  const us = { run: id, file, step: step.cell.name, user: environment.user, host };
  const limit = step.options.timeout ?? timeout ?? Infinity;
  const deadline = clock.elapsed() + limit;
  for (let wait = shortestWait; ; wait = Math.min(longestWait, wait * 2)) {
    if (control.unbegun) return control.unbegun;
    const taken = locks.take(name, { ...us, since: clock.now() });
    const before = recorder.step(step.index);
    if ('release' in taken) {
      if (before.message !== undefined) recorder.changeSteps([omit(before, 'message')]);
      return taken;
    }
    const message = `waits for lock ${name}, held by ${wordHolder(taken.heldBy)}`;
    if (before.message !== message) recorder.changeSteps([{ ...before, message }], step.cell.name);
    const left = deadline - clock.elapsed();
    if (left <= 0) return tooLate(name, limit, taken.heldBy);
    await control.pause(Math.min(wait, left), control.halted);
  }
}

function tooLate(name: string, limit: number, holder: LockHolder): StepEnd {
  const message = `It was not started: lock ${name} was not free within ${limit / 1000} s, held by ${wordHolder(holder)}. If that run is gone: handrail locks --release ${name}`;
  return { state: 'failed', reason: 'timeout', message };
}

/** Milliseconds. */
const shortestWait = 250;
const longestWait = 2000;

function wordHolder({ run, file, user, since }: LockHolder): string {
  const [hours, minutes] = [new Date(since).getHours(), new Date(since).getMinutes()];
  const time = [hours, minutes].map(part => String(part).padStart(2, '0')).join(':');
  return `run ${run.slice(0, 4)} (${basename(file)}, ${user}) since ${time}`;
}
