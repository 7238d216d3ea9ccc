import type { OutputEvent, RunObserver } from '../engine/types';
import type { RunRecord, StepRecord } from '../protocol/runs';
import type { ChangeQueue } from './changeQueue';

/** Passes what happens in runs to everybody connected. */
export class RunFeed implements RunObserver {
  readonly #queues = new Set<ChangeQueue>();

  add(queue: ChangeQueue): void {
    this.#queues.add(queue);
  }

  remove(queue: ChangeQueue): void {
    this.#queues.delete(queue);
    queue.close();
  }

  runChanged(run: RunRecord): void {
    for (const queue of this.#queues) queue.runChanged(run);
  }

  stepChanged(run: RunRecord, step: StepRecord): void {
    for (const queue of this.#queues) queue.stepChanged(run, step);
  }

  /** The same, for one run, whose plan's warnings go to whoever asked for it. */
  withPlan(planned: NonNullable<RunObserver['planned']>): RunObserver {
    return {
      planned,
      runChanged: run => this.runChanged(run),
      stepChanged: (run, step) => this.stepChanged(run, step),
      output: (run, step, piece) => this.output(run, step, piece),
    };
  }

  /** A step has output up to `seq`. */
  outputReached(run: RunRecord, step: number, seq: number): void {
    for (const queue of this.#queues) queue.output(run, step, seq);
  }

  /** Only that there is output; clients fetch it from the store at their own pace. */
  output(run: RunRecord, step: StepRecord, piece: OutputEvent): void {
    this.outputReached(run, step.index, piece.seq);
  }
}
