import type { Ending, Execution, Session } from '../../executors/executor';
import { HandrailError } from '../../protocol/errors';
import type { DetachedStep, DetachedSteps } from '../../store/types';
import type { Beside } from './startBeside';
import { untilReady } from './startBeside';
import type { StepSetting } from './runStep';
import type { StepEnd } from './stepEnd';
import { signalGroup, stopDetached } from './stopDetached';

/** Starts a `background` cell in `session`; gives the execution that goes on when the step has passed. */
export async function startBackground(
  setting: StepSetting,
  session: Session,
  started: (beside: BackgroundCell) => void,
): Promise<StepEnd> {
  if (setting.control.isCancelled) return { state: 'cancelled', reason: 'cancel' };
  const cell = new BackgroundCell(session.start(setting.spec, setting.cellSink));
  started(cell);
  // Keys and Stop are for the cell, not for the command that asks whether it is ready.
  setting.control.hold(cell.execution);
  const end = await untilReady(cell, setting);
  if (end.state !== 'passed') return end;
  return { ...end, background: cell.ending ? 'ended' : 'running' };
}

/** A cell that ends with its run. */
export class BackgroundCell implements Beside {
  readonly isHeld = true;
  readonly execution: Execution;
  readonly ended: Promise<Ending>;
  ending: Ending | undefined;

  constructor(execution: Execution) {
    this.execution = execution;
    this.ended = execution.ended.then(ending => (this.ending = ending));
  }

  async stop(reason: 'cancel' | 'timeout'): Promise<void> {
    this.execution.stop(reason);
    await this.ended;
  }
}

/** Starts a `background=detach` cell, which outlives run and host; `place` says what is recorded of it. */
export async function startDetached(
  setting: StepSetting,
  session: Session,
  place: Omit<DetachedStep, 'pid' | 'startTime' | 'startedAt'>,
  known: DetachedSteps,
): Promise<StepEnd> {
  const { control, spec, clock } = setting;
  if (control.isCancelled) return { state: 'cancelled', reason: 'cancel' };
  const found = await session.detach(spec, place.log);
  if ('error' in found) return { state: 'failed', reason: 'error', message: found.error };
  const step = { ...place, pid: found.pid, startTime: found.startTime, startedAt: clock.now() };
  try {
    known.add(step);
  } catch (error) {
    // What nobody could find again must not go on.
    signalGroup(found.pid, 'SIGKILL');
    if (!(error instanceof HandrailError)) throw error;
    return { state: 'failed', reason: 'error', message: `It was ended again. ${error.message}` };
  }
  const end = await untilReady(new DetachedCell(step, known), setting);
  if (end.state !== 'passed') return end;
  const message = `goes on as process ${found.pid}, with its output in ${place.log}`;
  return { state: 'passed', background: 'detached', message };
}

class DetachedCell implements Beside {
  readonly isHeld = false;
  readonly ended = new Promise<never>(() => undefined);
  readonly #step: DetachedStep;
  readonly #known: DetachedSteps;

  constructor(step: DetachedStep, known: DetachedSteps) {
    this.#step = step;
    this.#known = known;
  }

  /** How it ended only its parent could know. */
  get ending(): Ending | undefined {
    const { run, step, log } = this.#step;
    if (this.#known.list().some(one => one.run === run && one.step === step)) return undefined;
    return { reason: 'error', message: `It ended at once; what it printed is in ${log}` };
  }

  stop(): Promise<void> {
    return stopDetached(this.#step, this.#known);
  }
}
