import type { Ending } from '../../executors/executor';
import type { Clock } from '../clock';
import { omit } from '../omit';
import type { Course } from './course';
import type { OutputIndex } from '../step/outputIndex';
import type { RunRecorder } from './runRecorder';
import type { RunAudit } from './runAudit';
import type { RunSetting } from './runSetting';
import { cellEnd } from '../step/runStep';
import type { BackgroundCell } from '../step/startBackground';
import type { StepRecord } from '../../protocol/runs';
import type { PlannedStep } from '../types';
import type { StepUnderway, Underway } from './underway';

/** The cells of a run that go on in the background although their steps are over. */
export class BackgroundCells {
  readonly #recorder: RunRecorder;
  readonly #underway: Underway;
  readonly #course: Course;
  readonly #index: OutputIndex;
  readonly #clock: Clock;
  readonly #audit: RunAudit;
  readonly #report: (error: unknown) => void;
  readonly #cells = new Map<number, { cell: BackgroundCell; recorded: Promise<void> }>();

  constructor(
    {
      recorder,
      index,
      report,
      clock,
      audit,
    }: Pick<RunSetting, 'recorder' | 'index' | 'report' | 'clock' | 'audit'>,
    underway: Underway,
    course: Course,
  ) {
    this.#recorder = recorder;
    this.#underway = underway;
    this.#course = course;
    this.#index = index;
    this.#clock = clock;
    this.#audit = audit;
    this.#report = report;
  }

  /** From here on the step's output and terminal belong to the cell, until it ends. */
  add(step: PlannedStep, cell: BackgroundCell, underway: StepUnderway): void {
    underway.control.hold(cell.execution);
    const recorded = cell.ended.then(ending => this.#ended(step, ending)).catch(this.#report);
    this.#cells.set(step.index, { cell, recorded });
  }

  has(index: number): boolean {
    return this.#cells.has(index);
  }

  /** Settles when a cell has ended and that is recorded. */
  async ended(index: number): Promise<void> {
    await this.#cells.get(index)?.recorded;
  }

  /** Ends them all. */
  async stop(): Promise<void> {
    const all = [...this.#cells.values()];
    for (const [index, { cell }] of this.#cells) {
      // Who cancelled the run has begun to stop it: a second word would be the next rung of the ladder.
      if (this.#underway.get(index)?.control.isCancelled !== true) cell.execution.stop('cancel');
    }
    await Promise.all(all.map(({ recorded }) => recorded));
  }

  async #ended(step: PlannedStep, ending: Ending): Promise<void> {
    const { index, cell } = step;
    this.#cells.delete(index);
    await this.#underway.get(index)?.output?.flush();
    const record = this.#underway.step(index);
    const trouble = unexpected(step, ending);
    if (trouble !== undefined) this.#course.blame(cell.name, `${cell.name} ${trouble}`);
    const end = this.#underway.get(index)?.output?.end;
    if (end) this.#index.add(this.#recorder.run.id, index, end);
    this.#underway.end(index);
    this.#recorder.changeSteps([
      { ...record, background: 'ended', ...(trouble && this.#died(record, ending, step, trouble)) },
    ]);
  }

  /** It had passed, and is the failed step all the same that whoever looks at the run has to find. */
  #died(record: StepRecord, ending: Ending, step: PlannedStep, trouble: string): Partial<StepRecord> {
    const end = { ...omit(cellEnd(ending, step), 'message'), state: 'failed' } as const;
    const unlogged = this.#audit.stepEnded({ ...record, ...end });
    const said = [record.message, trouble, unlogged].filter(text => text !== undefined);
    const endedAt = Math.max(record.endedAt ?? 0, this.#clock.now());
    return { ...end, endedAt, message: said.join('\n') };
  }
}

function unexpected({ options }: PlannedStep, { reason, exit, signal, message }: Ending): string | undefined {
  if (reason === 'cancel' || reason === 'timeout') return undefined;
  if (reason === 'exit' && options.expectExit.includes(exit ?? 0)) return undefined;
  return `ended in the background: ${message ?? signal ?? `exit ${exit ?? 1}`}`;
}
