import type { RunRecord } from '../../protocol/runs';
import { BackgroundCells } from './backgroundCells';
import { Course } from './course';
import { omit } from '../omit';
import { prepareRun } from './prepareRun';
import { rollBack } from './rollBack';
import type { RunSetting } from './runSetting';
import type { RunUnderway } from './runUnderway';
import { keepFirstState, saveState } from './saveState';
import { stepGroups } from './stepGroups';
import { takeGroup } from './takeGroup';
import type { ActiveRun, PlannedStep } from '../types';
import { Underway } from './underway';
import { waitForTurn } from './waitForTurn';

/**
 * One run: takes its steps through their states, one after another or a group at the same time.
 * A step: pending → running → passed | failed | skipped | cancelled, or pending → not-run | skipped | cancelled.
 */
export class Run implements ActiveRun {
  readonly ended: Promise<RunRecord>;
  readonly #setting: RunSetting;
  readonly #course: Course;
  readonly #underway: Underway;
  readonly #background: BackgroundCells;
  readonly #run: RunUnderway;
  #hasLease = true;

  constructor(setting: RunSetting) {
    const { recorder, clock, context } = setting;
    const course = new Course(setting);
    const underway = new Underway(recorder, clock);
    const background = new BackgroundCells(setting, underway, course);
    this.#setting = setting;
    this.#course = course;
    this.#underway = underway;
    this.#background = background;
    this.#run = { setting, course, underway, background, terminal: context.terminal };
    // Not at once: whoever starts the run gets hold of it before its observer hears of it.
    this.ended = Promise.resolve().then(() => this.#go());
  }

  get record(): RunRecord {
    return this.#underway.record;
  }

  cancel(step?: number): void {
    if (step === undefined) this.#cancelAll();
    else if (this.#underway.get(step)) this.#underway.get(step)?.control.cancel();
    else this.#cancelPending(step);
  }

  answer(step: number, approve: boolean, by: string): void {
    this.#underway.get(step)?.answer?.({ approve, by });
  }

  write(step: number, data: Uint8Array): void {
    this.#underway.get(step)?.control.write(data);
  }

  resize(step: number, columns: number, rows: number): void {
    this.#run.terminal = { columns, rows };
    this.#underway.get(step)?.control.resize(columns, rows);
  }

  /** Never rejects: whatever goes wrong, the session is given back and the run ends. */
  async #go(): Promise<RunRecord> {
    const { recorder } = this.#setting;
    await this.#attempt(async () => {
      recorder.begin();
      keepFirstState(this.#run);
      await waitForTurn(this.#setting, this.#course);
      await prepareRun(this.#setting, this.#course);
      await this.#takeSteps();
    });
    this.#tidy(() => this.#leaveRest('step'));
    await this.#attempt(() => rollBack(this.#run));
    this.#tidy(() => this.#leaveRest('rollback'));
    await this.#attempt(() => this.#stayInBackground());
    await this.#attempt(() => this.#background.stop());
    this.#tidy(() => this.#saveLastState());
    await this.#giveBack();
    this.#tidy(() => this.#end());
    return recorder.run;
  }

  async #takeSteps(): Promise<void> {
    const steps = this.#setting.plan.steps.filter(({ role }) => role === 'step');
    for (const group of stepGroups(steps)) {
      if (this.#course.isOver) return;
      await takeGroup(group, this.#run);
    }
  }

  /** Where the last cell is one that a person looks at in the background, the run goes on as long as that does. */
  async #stayInBackground(): Promise<void> {
    const { plan, context, lease } = this.#setting;
    const last = plan.steps.findLast(({ role, pulledIn }) => role === 'step' && !pulledIn);
    if (!last || !context.attended || !this.#course.isGood || !this.#background.has(last.index)) return;
    // Other runs of the session go on meanwhile.
    const leave = lease.linger();
    if (lease.outlivesRun) await this.#giveBack();
    await this.#background.ended(last.index).finally(leave);
  }

  /** What a run that undoes this one, or goes on from it, begins with. */
  #saveLastState(): void {
    if (this.#hasLease && this.#course.isGood) saveState(this.#setting.plan.steps.length, this.#run);
  }

  async #giveBack(): Promise<void> {
    if (!this.#hasLease) return;
    this.#hasLease = false;
    await this.#setting.lease.release().catch(this.#setting.report);
  }

  async #attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#setting.report(error);
      this.#tidy(() => this.#fail(error));
    }
  }

  #tidy(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#setting.report(error);
    }
  }

  #cancelAll(): void {
    this.#course.cancel();
    this.#underway.cancel();
  }

  #cancelPending(index: number): void {
    const { recorder } = this.#setting;
    const step = recorder.run.steps[index];
    if (step?.state !== 'pending') return;
    recorder.changeSteps([{ ...omit(step, 'message'), state: 'cancelled', reason: 'cancel' }]);
    const isLeft = recorder.run.steps.some(one => one.state === 'pending' && one.undoes === undefined);
    if (!isLeft) this.#course.cancel();
  }

  /** What has not begun by now will not. */
  #leaveRest(role: PlannedStep['role']): void {
    const { recorder, plan } = this.#setting;
    const rest = recorder.run.steps.filter(
      ({ state, index }) => state === 'pending' && plan.steps[index]?.role === role,
    );
    if (rest.length > 0)
      recorder.changeSteps(rest.map(step => ({ ...omit(step, 'asks', 'typed'), ...this.#course.notRun })));
  }

  /** A bug must not leave a step that runs for ever. */
  #fail(error: unknown): void {
    const { recorder, clock } = this.#setting;
    this.#course.break();
    const message = `A bug in Handrail: ${error instanceof Error ? error.message : String(error)}`;
    const running = recorder.run.steps.filter(({ state }) => state === 'running');
    const failed = running.map(
      step => ({ ...step, state: 'failed', reason: 'error', message, endedAt: clock.now() }) as const,
    );
    if (failed.length > 0) recorder.changeSteps(failed);
  }

  #end(): void {
    const { recorder, clock, audit } = this.#setting;
    const endedAt = Math.max(recorder.run.startedAt, clock.now());
    const outcome = this.#course.outcome(recorder.run.steps);
    if (outcome.state === 'cancelled') audit.cancelled();
    recorder.end({ ...outcome, endedAt });
  }
}
