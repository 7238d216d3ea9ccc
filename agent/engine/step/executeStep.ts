import { dirname, join } from 'node:path';
import type { CellSpec, Ending } from '../../executors/executor';
import { detachedLogName } from '../../detachedMark';
import { sincePassed } from '../../history/sincePassed';
import { HandrailError } from '../../protocol/errors';
import type { StepRecord } from '../../protocol/runs';
import { languageOf } from '../../runbook/languages';
import { cellSpec } from './cellSpec';
import { identityTrouble } from './heldIdentity';
import { omit } from '../omit';
import { recordedOutputs } from './recordedOutputs';
import { stateAfter } from '../run/resumePoint';
import { saveState } from '../run/saveState';
import { cellEnd, runStep } from './runStep';
import type { StepSetting } from './runStep';
import type { RunUnderway, Workplace } from '../run/runUnderway';
import { BackgroundCell, startBackground, startDetached } from './startBackground';
import type { DetachedCell } from './startBackground';
import { endBeside } from './startBeside';
import type { StepEnd } from './stepEnd';
import { StepOutput } from './stepOutput';
import { stepSecrets } from './stepSecrets';
import { StepVariables } from './stepVariables';
import type { PlannedStep } from '../types';
import type { StepUnderway } from '../run/underway';

/** Runs a step that may run, from its record `running` to the record of its end. */
export async function executeStep(
  step: PlannedStep,
  begun: StepUnderway,
  workplace: Workplace,
  run: RunUnderway,
): Promise<StepEnd> {
  const execution = prepared(() => new StepExecution(step, begun, workplace, run));
  if (typeof execution !== 'string') return execution.go();
  const { recorder, clock } = run.setting;
  const now = clock.now();
  const end = failed(`It was not started. ${execution}`);
  recorder.changeSteps(
    [{ ...recorder.step(step.index), startedAt: now, endedAt: now, ...end }],
    step.cell.name,
  );
  return end;
}

/** What was made, or why it could not be. */
function prepared<T>(make: () => T): T | string {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof HandrailError)) throw error;
    return error.message;
  }
}

class StepExecution {
  readonly #step: PlannedStep;
  readonly #begun: StepUnderway;
  readonly #place: Workplace;
  readonly #run: RunUnderway;
  readonly #output: StepOutput;
  readonly #folder: string;
  readonly #variables: StepVariables;
  /** The cell, where it goes on beside the others. */
  #beside: BackgroundCell | DetachedCell | undefined;

  /** Throws HandrailError `store`. */
  constructor(step: PlannedStep, begun: StepUnderway, place: Workplace, run: RunUnderway) {
    const { store, secrets, clock, observer, recorder } = run.setting;
    this.#step = step;
    this.#begun = begun;
    this.#place = place;
    this.#run = run;
    const { id } = recorder.run;
    this.#output = new StepOutput(store.openOutput(id, step.index), secrets.redactor, clock, piece =>
      observer.output(recorder.run, run.underway.step(step.index), piece),
    );
    begun.output = this.#output;
    this.#folder = run.folder ??= dirname(store.statePath(id, step.index));
    const given = join(run.setting.lease.session.folder, `output-${id}-${step.index}`);
    this.#variables = new StepVariables(step, this.#output, secrets.redactor, this.#folder, given);
  }

  async go(): Promise<StepEnd> {
    const { recorder, clock } = this.#run.setting;
    const { cell } = this.#step;
    const started = clock.elapsed();
    const context = { ...this.#run.setting.context, terminal: this.#run.terminal };
    const { spec, error } = cellSpec(this.#step, context, this.#place.together);
    recorder.changeSteps([this.#running(spec)], cell.name);
    try {
      const end = spec ? await this.#carryOut(spec, started) : failed(error);
      // A cell that goes on may be in the middle of a secret.
      const goesOn = this.#run.background.has(this.#step.index);
      if (!goesOn && this.#output.needsFlush) await this.#output.flush();
      const ms = clock.elapsed() - started;
      const left = goesOn ? this.#releaseLater(spec) : await this.#release(spec);
      return this.#finish({ ...end, ...message(joined(end.message, left)) }, ms);
    } finally {
      this.#variables.close();
    }
  }

  /** Gives up the container that the step had for itself, or says why that could not be done. */
  async #release(spec: CellSpec | undefined): Promise<string | undefined> {
    const { session } = this.#place;
    if (spec?.fresh === undefined || session.release === undefined) return undefined;
    try {
      await session.release(spec.fresh);
      return undefined;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return `The container that it had for itself could not be removed: ${error.message}`;
    }
  }

  /** It belongs to the cell that goes on. */
  #releaseLater(spec: CellSpec | undefined): undefined {
    const { background, setting } = this.#run;
    const { report = console.error } = setting;
    void background.ended(this.#step.index).then(async () => {
      const left = await this.#release(spec);
      if (left !== undefined) report(new Error(left));
    }, report);
  }

  #running(spec: CellSpec | undefined): StepRecord {
    const { recorder, clock } = this.#run.setting;
    const { index, options } = this.#step;
    return {
      ...recorder.step(index),
      state: 'running',
      attempt: 1,
      startedAt: clock.now(),
      tty: spec?.terminal !== undefined,
      ...(options.mime === undefined ? {} : { mime: options.mime }),
    };
  }

  async #carryOut(spec: CellSpec, since: number): Promise<StepEnd> {
    const { setting } = this.#run;
    const { session } = this.#place;
    const unrecorded = setting.recorder.trouble ?? setting.store.shortage();
    if (unrecorded !== undefined) return failed(`It was not started. ${unrecorded}`);
    const elsewhere = identityTrouble(session, setting);
    if (elsewhere !== undefined) return failed(elsewhere);
    const secrets = await stepSecrets(this.#step, this.#begun.control, setting);
    if (this.#begun.control.isCancelled) return { state: 'cancelled', reason: 'cancel' };
    if ('error' in secrets) return failed(secrets.error);
    // What the session has of them was not known to be secret before.
    if (secrets.values.size > 0) this.#run.savedBefore = undefined;
    const refused = prepared(() => setting.audit.stepStarts(this.#step));
    if (refused !== undefined) return failed(`It was not started. ${refused}`);
    if (this.#mayChangeBefore(spec)) this.#saveOwnState();
    const end = await this.#execute(secretSpec(spec, secrets.values, this.#variables.path), since);
    return end.state === 'passed' ? this.#giveVariables(end) : end;
  }

  /** Runs it, and sees to what it leaves in the background. */
  async #execute(spec: CellSpec, since: number): Promise<StepEnd> {
    const { setting, background } = this.#run;
    const step = this.#step;
    const end = await runStep({
      step,
      spec,
      session: this.#place.session,
      sink: this.#output,
      cellSink: this.#variables.sink,
      control: this.#begun.control,
      clock: setting.clock,
      since,
      timeout: step.options.timeout ?? setting.timeout,
      execute: this.#aside(),
      begins: attempt => this.#variables.begin(attempt),
      started: () => this.#saveOwnState(),
      abandon: () => this.#abandon(),
      retrying: (attempt, text) => {
        const record = omit(this.#run.underway.step(step.index), 'message');
        setting.recorder.changeSteps([{ ...record, attempt, ...message(text) }]);
      },
    });
    const beside = this.#beside;
    if (end.state !== 'passed' || !beside) return end;
    const ending = beside.ending;
    if (ending !== undefined) return endedMeanwhile(ending, step, end);
    if (beside instanceof BackgroundCell) background.add(step, beside, this.#begun);
    return end;
  }

  /** Before the next attempt, or the end, of one that did not pass. */
  async #abandon(): Promise<void> {
    const beside = this.#beside;
    this.#beside = undefined;
    if (beside) await endBeside(beside, this.#begun, 'cancel');
  }

  /** How a background cell is executed; it is the run's own, not that of a copy of the session. */
  #aside(): StepSetting['execute'] {
    const { lease, store, recorder, host } = this.#run.setting;
    const { index, cell, options, from } = this.#step;
    if (options.background === false) return undefined;
    const started = (beside: BackgroundCell | DetachedCell): void => void (this.#beside = beside);
    if (options.background === 'run') return setting => startBackground(setting, lease.session, started);
    const log = join(this.#folder, detachedLogName(index));
    const place = { run: recorder.run.id, step: index, name: cell.name, file: from.file, log };
    return setting => startDetached(setting, lease.session, { place, known: store.detached, host }, started);
  }

  /** Whether something runs before the cell, or the cell changes the session before it ends. */
  #mayChangeBefore({ language, interpreter }: CellSpec): boolean {
    const { when, unless, background } = this.#step.options;
    const isShell = interpreter === undefined && languageOf(language)?.kind === 'shell';
    return !isShell || background !== false || when !== undefined || unless !== undefined;
  }

  /** A shell gives its state back at its end, so that what is saved meanwhile is the state before it. */
  #saveOwnState(): void {
    if (this.#run.savedBefore !== this.#step.index) this.#saveState(this.#step.index);
  }

  #saveState(step: number): void {
    this.#run.savedBefore = step;
    saveState(step, this.#run);
  }

  #giveVariables(end: StepEnd): StepEnd {
    const taken = this.#variables.take();
    // Its exit code is not why it failed.
    if (taken.error !== undefined)
      return {
        ...omit(end, 'reason', 'exit'),
        state: 'failed',
        ...message(joined(end.message, taken.error)),
      };
    this.#place.assign(taken.variables);
    const outputs = recordedOutputs(taken.variables, this.#run.setting.secrets.redactor);
    return { ...end, ...outputs, ...message(joined(end.message, taken.note)) };
  }

  #finish(end: StepEnd, ms: number): StepEnd {
    const { setting, underway } = this.#run;
    const { index } = this.#step;
    const record = omit(underway.step(index), 'message');
    // Not from the clock, which may have been set back in between.
    const endedAt = Math.round((record.startedAt ?? 0) + ms);
    const unlogged = setting.audit.stepEnded({ ...record, ...end });
    // Before the end is on disk: else a kill in between leaves nothing for the next step to be resumed with.
    if (end.state === 'passed' && this.#step.role === 'step')
      this.#saveState(stateAfter(setting.recorder.run.steps, index));
    const said = joined(joined(end.message, this.#output.trouble), unlogged);
    setting.recorder.changeSteps([{ ...record, ...end, endedAt, ...message(said), ...this.#since(end) }]);
    setting.index.add(setting.recorder.run.id, index, this.#output.end);
    return end;
  }

  #since({ state }: StepEnd): Pick<StepRecord, 'since'> {
    const { store, recorder } = this.#run.setting;
    if (state !== 'failed') return {};
    const since = prepared(() => sincePassed(store, recorder.run, recorder.step(this.#step.index)));
    // A history that cannot be read is told of elsewhere.
    return since === undefined || typeof since === 'string' ? {} : { since };
  }
}

/** A background cell that ended before its step did, while `verify` ran. */
function endedMeanwhile(ending: Ending, step: PlannedStep, end: StepEnd): StepEnd {
  const own = cellEnd(ending, step);
  if (own.state === 'passed') return { ...end, background: 'ended' };
  return { ...own, background: 'ended', message: own.message ?? 'It ended before its step was over' };
}

function failed(message: string): StepEnd {
  return { state: 'failed', reason: 'error', message };
}

function secretSpec(spec: CellSpec, secrets: ReadonlyMap<string, string>, output: string): CellSpec {
  const env = Object.fromEntries(Object.entries(spec.env).filter(([name]) => !secrets.has(name)));
  const told = { ...spec, env: { ...env, HANDRAIL_OUTPUT: output } };
  return secrets.size === 0 ? told : { ...told, secrets };
}

function joined(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || b === undefined ? (a ?? b) : `${a}\n${b}`;
}

function message(text: string | undefined): { message?: string } {
  return text === undefined || text === '' ? {} : { message: text };
}
