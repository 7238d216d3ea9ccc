import { detachedMark } from '../../detachedMark';
import type { CellSpec, Ending, Execution, Session, StartedDetached } from '../../executors/executor';
import { copyOwnKubeconfig } from '../../identity/copyOwnKubeconfig';
import { HandrailError } from '../../protocol/errors';
import type { DetachedStep, DetachedSteps, HostProcess } from '../../store/types';
import { omit } from '../omit';
import type { Beside } from './startBeside';
import { untilReady } from './startBeside';
import type { StepSetting } from './runStep';
import type { StepEnd } from './stepEnd';

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
  { place, known, host }: DetachedSetting,
  started: (beside: DetachedCell) => void,
): Promise<StepEnd> {
  const { control, spec, clock } = setting;
  if (control.isCancelled) return { state: 'cancelled', reason: 'cancel' };
  const { run, step, log } = place;
  try {
    known.begin({ ...place, startedAt: clock.now() }, host);
  } catch (error) {
    if (!(error instanceof HandrailError)) throw error;
    return { state: 'failed', reason: 'error', message: `It was not started. ${error.message}` };
  }
  const found = await session.detach(lasting(spec, session, log), { log, mark: detachedMark(run, step) });
  if ('error' in found) {
    known.remove(run, step);
    return { state: 'failed', reason: 'error', message: found.error };
  }
  const cell = new DetachedCell({ ...place, ...omit(found, 'end'), startedAt: clock.now() }, found, known);
  started(cell);
  const unknown = cell.record();
  if (unknown !== undefined) {
    await found.end();
    return { state: 'failed', reason: 'error', message: unknown };
  }
  const end = await untilReady(cell, setting);
  if (end.state !== 'passed') return end;
  const message = `goes on as process ${found.pid}, with its output in ${log}`;
  return { state: 'passed', background: 'detached', message };
}

/** With a kubeconfig that is there as long as its log: that of the runbook's own context ends with the sessions. */
function lasting(spec: CellSpec, session: Session, log: string): CellSpec {
  const env = { ...Object.fromEntries(session.env), ...spec.env };
  const KUBECONFIG = copyOwnKubeconfig(env, `${log}.kube`);
  return KUBECONFIG === undefined ? spec : { ...spec, env: { ...spec.env, KUBECONFIG } };
}

/** What is recorded of a detached cell, and where. */
export interface DetachedSetting {
  readonly place: Omit<DetachedStep, 'pid' | 'startTime' | 'startedAt'>;
  readonly known: DetachedSteps;
  /** This process. */
  readonly host: HostProcess;
}

/** A cell that outlives its run. */
export class DetachedCell implements Beside {
  readonly isHeld = false;
  readonly ended = new Promise<never>(() => undefined);
  readonly #step: DetachedStep;
  readonly #process: StartedDetached;
  readonly #known: DetachedSteps;

  constructor(step: DetachedStep, process: StartedDetached, known: DetachedSteps) {
    this.#step = step;
    this.#process = process;
    this.#known = known;
  }

  /** Why it is not recorded, if it is not. What nobody could find again must not go on. */
  record(): string | undefined {
    try {
      this.#known.add(this.#step);
      return undefined;
    } catch (error) {
      if (!(error instanceof HandrailError)) throw error;
      return `It was ended again. ${error.message}`;
    }
  }

  /** How it ended only its parent could know. */
  get ending(): Ending | undefined {
    const { run, step, log } = this.#step;
    if (this.#known.list().some(one => one.run === run && one.step === step)) return undefined;
    return { reason: 'error', message: `It ended at once; what it printed is in ${log}` };
  }

  async stop(): Promise<void> {
    await this.#process.end();
    this.#known.remove(this.#step.run, this.#step.step);
  }
}
