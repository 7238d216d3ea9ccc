import type { StepRecord } from '../../protocol/runs';
import type { RunRecord } from '../../protocol/runs';
import type { Clock } from '../clock';
import type { RunRecorder } from './runRecorder';
import { StepControl } from '../step/stepControl';
import type { StepEnd } from '../step/stepEnd';
import type { StepOutput } from '../step/stepOutput';

/** What somebody answered when a step asked. */
export interface Answer {
  readonly approve: boolean;
  readonly by: string;
}

/** A step whose turn has come, until it and what it left in the background have ended. */
export interface StepUnderway {
  readonly index: number;
  readonly control: StepControl;
  /** There once it can print. */
  output?: StepOutput;
  /** There while it asks. */
  answer?: (answer: Answer) => void;
}

/** The steps of a run that are under way: one, several of a group, and those in the background. */
export class Underway {
  readonly #recorder: RunRecorder;
  readonly #clock: Clock;
  readonly #steps = new Map<number, StepUnderway>();

  constructor(recorder: RunRecorder, clock: Clock) {
    this.#recorder = recorder;
    this.#clock = clock;
  }

  /** The run with what its steps have printed up to now. */
  get record(): RunRecord {
    const { run } = this.#recorder;
    const printing = [...this.#steps.values()].filter(({ output }) => output !== undefined);
    if (printing.length === 0) return run;
    const steps = [...run.steps];
    for (const { index } of printing) steps[index] = this.step(index);
    return { ...run, steps };
  }

  get(index: number): StepUnderway | undefined {
    return this.#steps.get(index);
  }

  begin(index: number): StepUnderway {
    const begun: StepUnderway = { index, control: new StepControl(this.#clock) };
    this.#steps.set(index, begun);
    return begun;
  }

  end(index: number): void {
    this.#steps.get(index)?.output?.close();
    this.#steps.delete(index);
  }

  /** What they have not begun they do not begin any more. */
  halt(unbegun: StepEnd): void {
    for (const { control } of this.#steps.values()) control.halt(unbegun);
  }

  cancel(): void {
    for (const { control } of this.#steps.values()) control.cancel();
  }

  /** A step with what it has printed up to now. */
  step(index: number): StepRecord {
    const step = this.#recorder.step(index);
    const output = this.#steps.get(index)?.output;
    return output === undefined ? step : { ...step, outputSeq: output.seq, outputBytes: output.bytes };
  }
}
