import type { RunObserver } from '../engine/types';
import { readOutput } from '../protocol/output';
import type { RunRecord, StepRecord } from '../protocol/runs';
import type { AgentConnection } from './connection';

/** How far an observer has been told. */
export interface FollowProgress {
  begun: boolean;
  /** By step index. */
  readonly steps: Map<number, StepProgress>;
}

interface StepProgress {
  /** The attempt whose start was told; 0: none. */
  started: number;
  /** The attempt whose end was told. */
  ended: number;
  /** Last sequence number of its output. */
  seq: number;
}

/** Nothing told yet. */
export function noProgress(): FollowProgress {
  return { begun: false, steps: new Map() };
}

/** Turns states of a run, of which some may have been missed, into the calls that an observer expects. */
export class RunTeller {
  readonly #connection: AgentConnection;
  readonly #observer: RunObserver;
  readonly #progress: FollowProgress;
  readonly #signal: AbortSignal | undefined;

  constructor(
    connection: AgentConnection,
    observer: RunObserver,
    progress: FollowProgress,
    signal: AbortSignal | undefined,
  ) {
    this.#connection = connection;
    this.#observer = observer;
    this.#progress = progress;
    this.#signal = signal;
  }

  /** Tells what is new in `run`: its start, its steps with their output, its end. */
  async tell(run: RunRecord): Promise<void> {
    if (!this.#progress.begun) this.#observer.runChanged(asRunning(run));
    this.#progress.begun = true;
    for (const step of run.steps) {
      if (step.state !== 'pending') await this.#tellStep(run, step);
      // It waits for an answer before it begins.
      else if (step.asks !== undefined) this.#observer.stepChanged(run, step);
    }
    if (run.state !== 'running') this.#observer.runChanged(run);
  }

  async #tellStep(run: RunRecord, step: StepRecord): Promise<void> {
    const progress = this.#progressOf(step.index);
    // A step that never began, since another one failed, has no attempt.
    const attempt = Math.max(step.attempt, 1);
    if (progress.ended === attempt) return;
    if (step.startedAt !== undefined && progress.started !== attempt) {
      this.#observer.stepChanged(run, asRunning(step));
      progress.started = attempt;
    }
    if (step.startedAt !== undefined) await this.#tellOutput(run, step, progress);
    if (step.state === 'running') return;
    this.#observer.stepChanged(run, step);
    progress.ended = attempt;
  }

  async #tellOutput(run: RunRecord, step: StepRecord, progress: StepProgress): Promise<void> {
    for (let more = true; more;) {
      const where = { run: run.id, step: step.index, after: progress.seq };
      const page = await this.#connection.request(readOutput, where, this.#signal);
      for (const { data, ...piece } of page.pieces) {
        await this.#observer.output(run, step, { ...piece, bytes: Buffer.from(data, 'base64') });
        progress.seq = piece.seq;
        this.#signal?.throwIfAborted();
      }
      progress.seq = page.seq;
      more = page.more;
    }
  }

  #progressOf(step: number): StepProgress {
    const found = this.#progress.steps.get(step) ?? { started: 0, ended: 0, seq: 0 };
    this.#progress.steps.set(step, found);
    return found;
  }
}

/** How it was when it began. */
function asRunning<T extends RunRecord | StepRecord>(record: T): T {
  if (record.state === 'running') return record;
  const begun: T & Partial<StepRecord> = { ...record, state: 'running' };
  for (const end of ['endedAt', 'reason', 'exit', 'signal', 'message', 'failedLine'] as const)
    delete begun[end];
  return begun;
}
