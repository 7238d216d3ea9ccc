import { existsSync } from 'node:fs';
import { changedIdentity } from '../../identity/changedIdentity';
import type { IdentityChange } from '../../identity/changedIdentity';
import { HandrailError } from '../../protocol/errors';
import type { RunRecord, StepRecord } from '../../protocol/runs';
import { matchSteps } from '../../runbook/matchSteps';
import type { FiledDiagnostic, Runbook } from '../../runbook/model';
import { maskText } from '../../secrets/redactingStream';
import type { RunStore } from '../../store/types';
import { cellDiagnostic } from '../plan/cellDiagnostic';
import { omit } from '../omit';
import { passedKey, type RestoredState } from '../session/passedCells';
import { done, isSettled, leftOut, takenOver, wasDone } from './earlierSteps';
import { refuseAgain, refused, short } from './refuseAgain';
import { isUndone, resumePoints } from './resumePoint';
import { withUndone } from './withUndone';
import { fulfils } from '../step/stepEnd';
import type { StepEnd } from '../step/stepEnd';
import type { Plan, PlannedStep, RunRequest } from '../types';

/** What a run that goes on from an earlier one takes over from it. */
export interface Continued {
  /** The request with the cells that the earlier run had. */
  readonly request: RunRequest;
  /** Its inputs, as far as they are no secrets. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The session's state to begin with, where there is one. */
  readonly restore: RestoredState | undefined;
  /** See {@link PlanSetting.undoing}. */
  readonly undoing?: (undone: Identified) => boolean;
  /** See {@link PlanSetting.goingOn}. */
  goingOn(plan: Plan): Plan;
  /** Turns the plan of the request into that of the run. */
  adapt(plan: Plan): {
    readonly plan: Plan;
    readonly carried: ReadonlyMap<number, StepEnd>;
  };
}

/**
 * Looks up the run that a request goes on from, and what of it still is in the runbook. Throws HandrailError
 * `notFound`, `invalidState` where there is nothing to go on from, `invalidRunbook` where the cell is gone.
 */
export function continueRun(
  request: RunRequest,
  { run, how }: NonNullable<RunRequest['continues']>,
  store: RunStore,
  runbook: Runbook,
): Continued {
  const earlier = store.find(run);
  if (!earlier) throw new HandrailError('notFound', `There is no run ${run} to go on from`, { run });
  if (earlier.state === 'running') throw refused(earlier, 'is still going: wait for its end, or cancel it');
  if (how === 'resume') refuseAgain(earlier, store);
  return new Continuation(request, how, withUndone(earlier, store), store, runbook);
}

/** As much of a planned step as its earlier one is found by. */
type Identified = Pick<PlannedStep, 'cell' | 'from' | 'key'>;

type How = NonNullable<RunRequest['continues']>['how'];

class Continuation implements Continued {
  readonly request: RunRequest;
  readonly inputs: Readonly<Record<string, string>>;
  readonly restore: RestoredState | undefined;
  readonly undoing?: (undone: Identified) => boolean;
  readonly #how: How;
  readonly #earlier: RunRecord;
  readonly #store: RunStore;
  readonly #steps: readonly StepRecord[];
  /** By index of the cell. */
  readonly #matches: ReturnType<typeof matchSteps>;
  readonly #failed: StepRecord | undefined;

  constructor(request: RunRequest, how: How, earlier: RunRecord, store: RunStore, runbook: Runbook) {
    this.#how = how;
    this.#earlier = earlier;
    this.#store = store;
    this.#steps = earlier.steps.filter(({ file, undoes }) => file === undefined && undoes === undefined);
    this.#matches = matchSteps(
      this.#steps.map(({ key }) => key),
      runbook,
    );
    this.#failed = earlier.steps.find(
      step => step.undoes === undefined && (!isSettled(step) || isUndone(step, earlier.steps)),
    );
    this.#refuse(request);
    const indexes = [...this.#matches.keys()].sort((a, b) => a - b);
    this.request = {
      ...request,
      // A whole run is that of all cells, also of those that came into the runbook since.
      selection: earlier.whole === true && how !== 'rollback' ? { kind: 'all' } : { kind: 'cells', indexes },
      continues: { run: earlier.id, how },
      // As a rollback within a run: one that fails does not keep the others from being tried.
      ...(how === 'rollback' ? { keepGoing: true } : {}),
      ...this.#target(request),
    };
    const inputs = Object.entries(earlier.inputs ?? {}).filter(([, value]) => !value.includes(maskText));
    this.inputs = Object.fromEntries(inputs);
    this.restore = how === 'rerun' ? undefined : this.#restored();
    if (how === 'rollback') this.undoing = undone => this.#isDue(undone, request.file);
  }

  adapt(plan: Plan): ReturnType<Continued['adapt']> {
    if (this.#how === 'rerun') return { plan, carried: new Map() };
    const warnings = [...plan.warnings, ...this.#warnings(plan)];
    if (this.#how === 'rollback') return { plan: this.#undoing({ ...plan, warnings }), carried: new Map() };
    return { plan: { ...plan, warnings }, carried: this.#carried(plan) };
  }

  /**
   * Asks for nothing that is not run again. Whoever goes on elsewhere than the earlier run was held to says so at the
   * first step that is run.
   */
  goingOn(plan: Plan): Plan {
    if (this.#how === 'rerun') return plan;
    const left = this.#left(plan);
    const change = this.#identityChange(plan);
    const [first] = this.#how === 'rollback' ? this.#due(plan) : left.filter(({ role }) => role === 'step');
    const steps = plan.steps.map(step => {
      if (step === first && change !== undefined) return this.#asking(step, change);
      return left.includes(step) ? step : unasked(step);
    });
    return { ...plan, steps };
  }

  /** What is run, or may be. */
  #left(plan: Plan): PlannedStep[] {
    if (this.#how === 'rollback') return this.#due(plan);
    const carried = this.#carried(plan);
    return plan.steps.filter(({ index }) => !carried.has(index));
  }

  #asking(step: PlannedStep, change: IdentityChange): PlannedStep {
    const { confirm } = step.options;
    const own = typeof confirm === 'string' ? confirm : `Go on there with ${step.cell.name}?`;
    const options = { ...step.options, confirm: `${this.#wordChange(change)}. ${own}` };
    return { ...step, options, onlyByName: true };
  }

  #identityChange({ identity }: Plan): IdentityChange | undefined {
    return changedIdentity(this.#earlier.identity ?? [], identity);
  }

  #wordChange({ kind, before, now }: IdentityChange): string {
    return `Since run ${short(this.#earlier)}, ${kind} has changed: it was ${before} and is ${now}`;
  }

  #refuse({ file }: RunRequest): void {
    const earlier = this.#earlier;
    if (this.#how === 'resume' && !this.#failed) throw refused(earlier, 'has no step left to go on with');
    const isGone = this.#how === 'resume' && this.#failed?.file === undefined && !this.#isFound(this.#failed);
    if (isGone) {
      const name = this.#failed?.name ?? '';
      throw gone(
        file,
        `${name}, where run ${short(earlier)} stopped, is not in the runbook any more. Run it again, or from a cell of your choice.`,
      );
    }
    if (this.#matches.size === 0)
      throw gone(
        file,
        `No cell of run ${short(earlier)} is in the runbook any more. Run the whole, or a cell of your choice.`,
      );
  }

  /** Where the earlier run was asked to run, unless it is asked for anew. */
  #target({ target }: RunRequest): Pick<RunRequest, 'target' | 'targetOf'> {
    const earlier = this.#earlier;
    if (target !== undefined || earlier.target === undefined) return {};
    const there = [...this.#matches].filter(
      ([, { position }]) => this.#steps[position]?.target === earlier.target,
    );
    return {
      target: earlier.target,
      targetOf: earlier.targetWins === true ? there.map(([index]) => index) : [],
    };
  }

  #isFound(step: StepRecord | undefined): boolean {
    return [...this.#matches.values()].some(({ position }) => this.#steps[position] === step);
  }

  /** The earlier step of a planned one. */
  #earlierOf(
    { cell, from, key }: Identified,
    file: string,
  ): { step: StepRecord; edited: boolean } | undefined {
    if (from.file === file) {
      const match = this.#matches.get(cell.index);
      const step = match && this.#steps[match.position];
      return step && { step, edited: match.edited };
    }
    const step = this.#earlier.steps.find(
      one => one.file === from.file && one.name === cell.name && one.undoes === undefined,
    );
    return step && { step, edited: step.key.hash !== key.hash };
  }

  /** The earlier form of a cell that undoes, where it is about to. */
  #earlierUndo(planned: PlannedStep, plan: Plan): { step: StepRecord; edited: boolean } | undefined {
    if (this.#how !== 'rollback' || !this.#due(plan).includes(planned)) return undefined;
    const { cell, from, key } = planned;
    const step = this.#earlier.steps.find(
      ({ undoes, name, file = plan.file }) =>
        undoes !== undefined && name === cell.name && file === from.file,
    );
    return step && { step, edited: step.key.hash !== key.hash };
  }

  /** How steps ended that are not run again: those that passed, and before the failed one those left out. */
  #carried(plan: Plan): Map<number, StepEnd> {
    const carried = new Map<number, StepEnd>();
    for (const planned of plan.steps.filter(({ role }) => role === 'step')) {
      const step = this.#earlierOf(planned, plan.file)?.step;
      if (!step || (step.index > (this.#failed?.index ?? Infinity) && !fulfils(step))) continue;
      if (this.#isDone(step))
        carried.set(planned.index, { ...done, message: `${takenOver}${short(this.#earlier)}` });
      else if (step.state === 'skipped') carried.set(planned.index, leftOut(step));
    }
    return carried;
  }

  /** What went on in the background has ended with its run, unless it was detached and is still there. */
  #isDone(step: StepRecord): boolean {
    if (isUndone(step, this.#earlier.steps)) return false;
    if (step.background === undefined) return fulfils(step);
    const left = this.#store.detached.list();
    return left.some(one => one.run === this.#earlier.id && one.step === step.index);
  }

  /** Whether a step did something that nothing has undone. */
  #isDue(undone: Identified, file: string): boolean {
    const earlier = this.#earlierOf(undone, file)?.step;
    if (earlier === undefined || isUndone(earlier, this.#earlier.steps)) return false;
    return wasDone(this.#earlier, earlier, this.#store);
  }

  /** The cells that undo what passed, as the steps of the run. */
  #undoing(plan: Plan): Plan {
    const due = this.#due(plan);
    if (due.length === 0) throw refused(this.#earlier, 'has done nothing that a cell of the runbook undoes');
    const steps = due.map((step, index) => {
      const own = { ...omit(step, 'undoes'), index, needs: [], pulledIn: false };
      return { ...own, role: 'step' } as const;
    });
    return { ...plan, steps };
  }

  /** In the order in which they undo. */
  #due(plan: Plan): PlannedStep[] {
    const due = plan.steps.filter(step => {
      const undone = step.undoes === undefined ? undefined : plan.steps[step.undoes];
      return undone !== undefined && this.#isDue(undone, plan.file);
    });
    return due.sort((a, b) => (b.undoes ?? 0) - (a.undoes ?? 0));
  }

  /** The state before the step that failed, or that after the last one. */
  #statePath(): string | undefined {
    const { id, steps } = this.#earlier;
    const points = this.#failed
      ? resumePoints(steps, this.#failed.index)
      : [steps.length, ...resumePoints(steps, 0)];
    return points.map(at => this.#store.statePath(id, at)).find(path => existsSync(path));
  }

  #restored(): RestoredState | undefined {
    const path = this.#statePath();
    if (path === undefined) return undefined;
    const { steps, by, startedAt } = this.#earlier;
    // By their keys of then: one that has been edited since has not passed.
    const done = steps.filter(step => step.undoes === undefined && this.#isDone(step));
    const passed = new Set(done.map(({ key, target }) => passedKey(key, target)));
    // The editor's runs of a runbook have one session.
    return { path, passed, since: by === 'editor' ? startedAt : undefined };
  }

  /** Whether any step has changed the session before the one that failed. */
  get #hasState(): boolean {
    const { steps } = this.#earlier;
    return this.#failed === undefined || resumePoints(steps, this.#failed.index).at(-1) !== 0;
  }

  #warnings(plan: Plan): FiledDiagnostic[] {
    const run = `run ${short(this.#earlier)}`;
    const general: string[] = [];
    if (this.restore === undefined && this.#hasState)
      general.push(
        `The session's state of ${run} is not kept any more: it goes on with what the session has`,
      );
    const change = this.#identityChange(plan);
    if (change) general.push(this.#wordChange(change));
    const edited = plan.steps.flatMap(step => this.#edited(step, plan));
    return [...general.map(text => ofTheFile(text, plan.file)), ...edited, ...this.#added(plan)];
  }

  /** Cells of a whole run that came into the runbook since: they have not passed, so they are run. */
  #added({ steps, file }: Plan): FiledDiagnostic[] {
    if (this.#how !== 'resume') return [];
    const added = steps.filter(
      ({ role, from, cell }) => role === 'step' && from.file === file && !this.#matches.has(cell.index),
    );
    return added.map(({ cell, from }) => {
      const text = `${cell.name} was no step of run ${short(this.#earlier)}. It is run now, in its place`;
      return { ...cellDiagnostic(from.runbook, cell, 'added-since', text), severity: 'warning', file };
    });
  }

  #edited(planned: PlannedStep, plan: Plan): FiledDiagnostic[] {
    const found =
      planned.role === 'rollback' ? this.#earlierUndo(planned, plan) : this.#earlierOf(planned, plan.file);
    if (!found?.edited) return [];
    const isLeft = planned.role === 'step' && this.#isDone(found.step);
    const again = isLeft ? 'It passed then and is not run again' : 'It runs as it is now';
    const text = `${planned.cell.name} has changed since run ${short(this.#earlier)}. ${again}`;
    const { file, runbook } = planned.from;
    return [{ ...cellDiagnostic(runbook, planned.cell, 'changed-since', text), severity: 'warning', file }];
  }
}

/** It is not run, so nobody is asked about it. */
function unasked(step: PlannedStep): PlannedStep {
  if (step.options.confirm === undefined) return step;
  return { ...omit(step, 'typed'), options: omit(step.options, 'confirm') };
}

function gone(file: string, message: string): HandrailError {
  return new HandrailError('invalidRunbook', message, { file, diagnostics: [] });
}

function ofTheFile(message: string, file: string): FiledDiagnostic {
  const start = { line: 1, column: 1, span: { start: 0, end: 0 } };
  return { severity: 'warning', code: 'continued', message, file, ...start };
}
