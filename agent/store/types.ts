import type { PassOver, Stream } from '../protocol/output';
import type { RunRecord, RunState, RunSummary, StepRecord } from '../protocol/runs';

/** The process that executes a run: enough to tell later whether it is still that process. */
export interface HostProcess {
  readonly pid: number;
  /** As the system tells it, on Linux with what tells machine and container; a reused pid has another. */
  readonly startTime: string;
}

/** Appends one step's output. Every call has reached the file when it returns. */
export interface OutputWriter {
  /** Returns the chunk's sequence number, from 1. */
  append(stream: Stream, bytes: Uint8Array, time: number): number;
  readonly seq: number;
  readonly bytes: number;
  close(): void;
}

export interface OutputChunk {
  readonly seq: number;
  readonly stream: Stream;
  readonly time: number;
  readonly bytes: Uint8Array;
}

export interface OutputPage {
  readonly chunks: readonly OutputChunk[];
  /** Sequence number to go on from. */
  readonly seq: number;
  /** Bytes that are missing between `after` and the first chunk, because of the limit of a step. */
  readonly cutBytes: number;
  /** Bytes before the first chunk that were passed over as asked. */
  readonly skippedBytes?: number;
  readonly more: boolean;
}

/** Runs, their steps and output, on disk. What a method has done is durable against the death of the process. */
export interface RunStore {
  /** What a person should know about how it was opened: a damaged history that was set aside. */
  readonly notices: readonly string[];
  create(run: RunRecord, host: HostProcess): void;
  /** Writes a step and the run's summary in one transaction. */
  update(run: RunRecord, changed: readonly StepRecord[]): void;
  /** By id, unique prefix, or `last`. */
  find(idOrPrefix: string): RunRecord | undefined;
  list(query: { limit: number; before?: string; file?: string; state?: RunState }): {
    runs: RunSummary[];
    more: boolean;
  };
  lastSteps(file: string): { run: string; runState: RunState; step: StepRecord }[];
  openOutput(run: string, step: number): OutputWriter;
  readOutput(run: string, step: number, after: number, maxBytes: number, passOver?: PassOver): OutputPage;
  /** The last `maxBytes` recorded bytes of all streams, in order. */
  tailOutput(run: string, step: number, maxBytes: number): { bytes: Uint8Array; cut: boolean };
  /** Marks runs whose host is gone as interrupted and returns them. */
  interruptAbandoned(isAlive: (host: HostProcess) => boolean): RunRecord[];
  close(): void;
}
