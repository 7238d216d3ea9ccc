import type { CellSpec } from '../executors/executor';
import type { RunRecord, StepRecord } from '../protocol/runs';
import type { RunStore } from '../store/types';
import { cellSpec } from './cellSpec';
import type { CellContext } from './cellSpec';
import type { Clock } from './clock';
import { omit } from './omit';
import { passedKey } from './passedCells';
import type { RunRecorder } from './runRecorder';
import { runStep } from './runStep';
import type { StepEnd } from './runStep';
import type { Lease } from './sessionPool';
import { StepControl } from './stepControl';
import { StepOutput } from './stepOutput';
import type { ActiveRun, Plan, PlannedStep, RunObserver } from './types';

/** What a run is carried out with. */
export interface RunSetting {
  readonly plan: Plan;
  readonly recorder: RunRecorder;
  readonly lease: Lease;
  readonly store: RunStore;
  readonly observer: RunObserver;
  readonly clock: Clock;
  readonly context: CellContext;
  readonly timeout: number | undefined;
  readonly keepGoing: boolean;
  /** Gets what must not happen: a bug, not a failing cell. */
  readonly report: (error: unknown) => void;
}

/**
 * One run: takes its steps through their states, one after another.
 * A step: pending → running → passed | failed | skipped | cancelled, or pending → not-run | skipped | cancelled.
 */
export class Run implements ActiveRun {
  readonly ended: Promise<RunRecord>;
  readonly #setting: RunSetting;
  readonly #cancelled: Promise<void>;
  #cancel: () => void = () => undefined;
  #isCancelled = false;
  /** A bug ended it. */
  #isBroken = false;
  #terminal: CellContext['terminal'];
  /** The step under way. */
  #current: { index: number; control: StepControl; output: StepOutput } | undefined;
  /** Why no further step is started. */
  #stopped: string | undefined;
  /** The step that ended the run before its time. */
  #culprit: string | undefined;

  constructor(setting: RunSetting) {
    this.#setting = setting;
    this.#terminal = setting.context.terminal;
    this.#cancelled = new Promise(resolve => (this.#cancel = resolve));
    // Not at once: whoever starts the run gets hold of it before its observer hears of it.
    this.ended = Promise.resolve().then(() => this.#go());
  }

  get record(): RunRecord {
    const { run } = this.#setting.recorder;
    const current = this.#current;
    if (!current) return run;
    const steps = [...run.steps];
    steps[current.index] = this.#withOutput(current.index, current.output);
    return { ...run, steps };
  }

  cancel(step?: number): void {
    if (step === undefined) this.#cancelAll();
    else if (this.#current?.index === step) this.#current.control.cancel();
    else this.#cancelPending(step);
  }

  write(step: number, data: Uint8Array): void {
    if (this.#current?.index === step) this.#current.control.write(data);
  }

  resize(step: number, columns: number, rows: number): void {
    this.#terminal = { columns, rows };
    if (this.#current?.index === step) this.#current.control.resize(columns, rows);
  }

  /** Never rejects: whatever goes wrong, the session is given back and the run ends. */
  async #go(): Promise<RunRecord> {
    const { recorder, lease, plan, report } = this.#setting;
    try {
      recorder.begin();
      await this.#waitForTurn();
      for (const step of plan.steps) await this.#take(step);
    } catch (error) {
      report(error);
      this.#tidy(() => this.#fail(error));
    }
    this.#tidy(() => this.#leaveRest());
    await lease.release().catch(report);
    this.#tidy(() => this.#end());
    return recorder.run;
  }

  #tidy(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#setting.report(error);
    }
  }

  async #waitForTurn(): Promise<void> {
    const { lease, recorder } = this.#setting;
    if (lease.waitsFor === undefined) {
      lease.enter();
      return;
    }
    const message = `waits for run ${lease.waitsFor}, which has the session`;
    recorder.changeSteps([{ ...recorder.step(0), message }]);
    const turn = lease.turn.then(() => true);
    const isTurn = await Promise.race([turn, this.#cancelled.then(() => false)]);
    if (isTurn) lease.enter();
    if (this.#isCancelled) return;
    recorder.changeSteps([omit(recorder.step(0), 'message')]);
  }

  /** Brings one step to its end. */
  async #take(step: PlannedStep): Promise<void> {
    const { recorder, lease } = this.#setting;
    if (this.#isCancelled || this.#stopped !== undefined || recorder.step(step.index).state !== 'pending')
      return;
    const without = this.#leftOut(step);
    if (without) {
      recorder.changeSteps([{ ...recorder.step(step.index), ...without }]);
      return;
    }
    const end = await this.#run(step);
    if (end.state === 'passed') lease.passed.add(passedKey(step.key));
    else if (end.state !== 'skipped') lease.passed.delete(passedKey(step.key));
    if (end.state === 'failed' || end.state === 'cancelled') this.#judge(step, end);
  }

  /** Why a step is not run although its turn has come. */
  #leftOut(step: PlannedStep): StepEnd | undefined {
    const { recorder, lease } = this.#setting;
    if (step.pulledIn && lease.passed.has(passedKey(step.key))) {
      return { state: 'skipped', reason: 'satisfied', message: 'passed in this session already' };
    }
    const missing = step.needs.map(need => recorder.step(need)).find(need => !fulfils(need));
    if (!missing) return undefined;
    const message = `needs ${missing.name}, which ${missing.state === 'skipped' ? 'was skipped' : `is ${missing.state}`}`;
    return missing.state === 'skipped'
      ? { state: 'skipped', reason: 'guard', message }
      : { state: 'not-run', message };
  }

  async #run(step: PlannedStep): Promise<StepEnd> {
    const { recorder, store, clock, context } = this.#setting;
    const { spec, error } = cellSpec(step, { ...context, terminal: this.#terminal });
    const started = clock.elapsed();
    recorder.changeSteps([this.#begun(step.index, spec)], step.cell.name);
    const output: StepOutput = new StepOutput(store.openOutput(context.run, step.index), clock, piece =>
      this.#setting.observer.output(recorder.run, this.#withOutput(step.index, output), piece),
    );
    const control = new StepControl(clock);
    this.#current = { index: step.index, control, output };
    try {
      if (this.#isCancelled) control.cancel();
      const end = spec
        ? await this.#execute(step, spec, control, output)
        : ({ state: 'failed', reason: 'error', message: error } as const);
      this.#finish(step.index, end, output, clock.elapsed() - started);
      return end;
    } finally {
      this.#current = undefined;
      output.close();
    }
  }

  async #execute(
    step: PlannedStep,
    spec: CellSpec,
    control: StepControl,
    output: StepOutput,
  ): Promise<StepEnd> {
    const { recorder, lease, timeout } = this.#setting;
    if (recorder.trouble !== undefined) {
      return { state: 'failed', reason: 'error', message: `It was not started. ${recorder.trouble}` };
    }
    return runStep({
      step,
      spec,
      session: lease.session,
      sink: output,
      control,
      timeout: step.options.timeout ?? timeout,
      retrying: (attempt, message) => {
        const record = omit(this.#withOutput(step.index, output), 'message');
        recorder.changeSteps([{ ...record, attempt, ...(message === undefined ? {} : { message }) }]);
      },
    });
  }

  #begun(index: number, spec: CellSpec | undefined): StepRecord {
    const { recorder, clock } = this.#setting;
    const tty = spec?.terminal !== undefined;
    return { ...recorder.step(index), state: 'running', attempt: 1, startedAt: clock.now(), tty };
  }

  #finish(index: number, end: StepEnd, output: StepOutput, ms: number): void {
    const record = omit(this.#withOutput(index, output), 'message');
    const said = [end.message, output.trouble].filter(text => text !== undefined).join('\n');
    // Not from the clock, which may have been set back in between.
    const endedAt = Math.round((record.startedAt ?? 0) + ms);
    this.#setting.recorder.changeSteps([
      { ...record, ...end, endedAt, ...(said === '' ? {} : { message: said }) },
    ]);
  }

  /** Decides whether the run goes on after a step that did not do what it should. */
  #judge({ cell, options }: PlannedStep, end: StepEnd): void {
    this.#culprit ??= cell.name;
    const goOn = end.state === 'failed' && (this.#setting.keepGoing || options.onError === 'continue');
    if (!goOn) this.#stopped = `${cell.name} ${end.state === 'failed' ? 'failed' : 'was cancelled'}`;
  }

  #cancelAll(): void {
    this.#isCancelled = true;
    this.#cancel();
    this.#current?.control.cancel();
  }

  #cancelPending(index: number): void {
    const { recorder } = this.#setting;
    const step = recorder.run.steps[index];
    if (step?.state !== 'pending') return;
    recorder.changeSteps([{ ...omit(step, 'message'), state: 'cancelled', reason: 'cancel' }]);
    if (recorder.run.steps.every(({ state }) => state !== 'pending')) this.#cancel();
  }

  /** What has not begun by now will not. */
  #leaveRest(): void {
    const { recorder } = this.#setting;
    const message = `not run: ${this.#stopped ?? 'the run was cancelled'}`;
    const rest = recorder.run.steps.filter(({ state }) => state === 'pending');
    if (rest.length > 0) recorder.changeSteps(rest.map(step => ({ ...step, state: 'not-run', message })));
  }

  /** A bug must not leave a step that runs for ever. */
  #fail(error: unknown): void {
    const { recorder, clock } = this.#setting;
    this.#stopped = 'something went wrong in Handrail';
    this.#isBroken = true;
    const message = `A bug in Handrail: ${error instanceof Error ? error.message : String(error)}`;
    const running = recorder.run.steps.filter(({ state }) => state === 'running');
    const failed = running.map(
      step => ({ ...step, state: 'failed', reason: 'error', message, endedAt: clock.now() }) as const,
    );
    if (failed.length > 0) recorder.changeSteps(failed);
  }

  #end(): void {
    const { recorder, clock } = this.#setting;
    const states = new Set(recorder.run.steps.map(({ state }) => state));
    const state = this.#isBroken ? 'failed' : outcome(states, this.#isCancelled);
    const step = this.#culprit;
    const endedAt = Math.max(recorder.run.startedAt, clock.now());
    recorder.end({ state, endedAt, ...(step === undefined ? {} : { step }) });
  }

  #withOutput(index: number, output: StepOutput): StepRecord {
    const step = this.#setting.recorder.step(index);
    return { ...step, outputSeq: output.seq, outputBytes: output.bytes };
  }
}

function fulfils({ state, reason }: StepRecord): boolean {
  return state === 'passed' || (state === 'skipped' && reason === 'satisfied');
}

function outcome(
  states: ReadonlySet<StepRecord['state']>,
  cancelled: boolean,
): 'passed' | 'failed' | 'cancelled' {
  if (cancelled && (states.has('cancelled') || states.has('not-run'))) return 'cancelled';
  if (states.has('failed')) return 'failed';
  // A step can be left out for no other reason.
  return states.has('cancelled') || states.has('not-run') ? 'cancelled' : 'passed';
}
