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
  /** Why no further step should begin: what it does might not be recorded. */
  shortage(): string | undefined;
  /** By id, unique prefix, or `last`. */
  find(idOrPrefix: string): RunRecord | undefined;
  list(query: { limit: number; before?: string; file?: string; state?: RunState }): {
    runs: RunSummary[];
    more: boolean;
  };
  /** The process that executes a run, where that goes on. */
  hostOf(run: string): HostProcess | undefined;
  /** The runs that went on from one, the oldest first; those only that began after the run `after`. */
  goneOn(run: string, after?: string): RunSummary[];
  /** The newest run of the file before this one in which the step of that name passed. */
  passedBefore(run: RunRecord, name: string): RunRecord | undefined;
  lastSteps(file: string): { run: string; runState: RunState; step: StepRecord }[];
  openOutput(run: string, step: number): OutputWriter;
  readOutput(run: string, step: number, after: number, maxBytes: number, passOver?: PassOver): OutputPage;
  /** The last `maxBytes` recorded bytes of all streams, in order. */
  tailOutput(run: string, step: number, maxBytes: number): { bytes: Uint8Array; cut: boolean };
  /** Makes what an ended step printed (its last 64 KiB as plain text, masked) searchable. */
  index(run: string, step: number, text: string): void;
  /** `unindexed`: older runs that were not looked through; each search adds some of them to the index. */
  search(query: SearchQuery): { hits: SearchHit[]; more: boolean; unindexed?: number };
  /** Inputs of the newest runs of a file, the newest value of each. */
  lastInputs(file: string): Record<string, string>;
  /** Absolute path of the saved session state before a step; its folder is there. Removed with the run. */
  statePath(run: string, step: number): string;
  /** What outlives its run (`background=detach`). */
  readonly detached: DetachedSteps;
  readonly audit: AuditLog;
  /** Marks runs whose host is gone as interrupted and returns them. */
  interruptAbandoned(isAlive: (host: HostProcess) => boolean): RunRecord[];
  close(): void;
}

/** See {@link import('../protocol/history').searchRuns}. */
export interface SearchQuery {
  readonly query: string;
  readonly file?: string;
  readonly limit: number;
}

export interface SearchHit {
  readonly run: RunSummary;
  readonly step: number;
  readonly name: string;
  readonly state: StepRecord['state'];
  readonly excerpt: string;
}

/** Processes of `background=detach` steps, listed until they have ended or were stopped. */
export interface DetachedSteps {
  /** Before its process is started by `host`: if that is killed meanwhile, the process is found by its mark. */
  begin(step: Omit<DetachedStep, 'pid' | 'startTime'>, host: HostProcess): void;
  add(step: DetachedStep): void;
  /** Those whose process is still there; forgets the others. Not those that are being started. */
  list(): DetachedStep[];
  remove(run: string, step: number): void;
}

export interface DetachedStep {
  readonly run: string;
  readonly step: number;
  readonly name: string;
  readonly file: string;
  readonly pid: number;
  readonly startTime: string;
  /** File that its output goes to. */
  readonly log: string;
  readonly startedAt: number;
}

/** Something that had an effect. Never holds a secret's value. */
export interface AuditEntry {
  /** Stable, dotted: `run.started`, `step.started`, `step.ended`, `step.approved`, `secret.used`, `session.reset` … */
  readonly action: string;
  /** Who: user and face, `ana via editor`. */
  readonly actor: string;
  /** On what: a runbook's path, a step, a container … */
  readonly subject: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export interface AuditRow extends AuditEntry {
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Over the row and the hash of the one before, hexadecimal SHA-256. */
  readonly hash: string;
}

/** Append-only and hash-chained. */
export interface AuditLog {
  /** Throws HandrailError `store` where it cannot be written: what is not logged must not be done. */
  append(entry: AuditEntry): void;
  /** Newest first; `before`: number of the last one of the page before. */
  list(query: { limit: number; before?: number }): AuditRow[];
  /**
   * Walks the whole chain. `broken`: the first row that was changed, is missing or stands elsewhere. `gaps`: rows after
   * which some were lost that may not have reached the disk before the power was lost.
   */
  verify(): {
    rows: number;
    broken?: { number: number; problem: string };
    gaps?: { after: number; lost: number }[];
  };
  /** Ids of the runs that it tells the start of. */
  runs(): ReadonlySet<string>;
}

/** Locks with a name, one holder each on this machine; a holder that died holds nothing. */
export interface Locks {
  /** Takes it, or tells who has it. */
  take(name: string, holder: LockHolder): { release(): void } | { heldBy: LockHolder };
  close(): void;
}

/** The same with what a person needs who looks at them. */
export interface LockTable extends Locks {
  list(): { readonly name: string; readonly heldBy: LockHolder }[];
  /** Takes it from its holder, whoever that is. */
  free(name: string): void;
}

export interface LockHolder {
  readonly run: string;
  readonly file: string;
  readonly step: string;
  readonly user: string;
  readonly since: number;
  readonly host: HostProcess;
}
