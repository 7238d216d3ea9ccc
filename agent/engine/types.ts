import type { Cell, Diagnostic, FiledDiagnostic, Runbook } from '../runbook/model';
import type { CellKey } from '../runbook/cellKey';
import type { CellOptions } from '../runbook/cellOptions';
import type { Stream } from '../protocol/output';
import type { ParamsOf } from '../protocol/message';
import type { AskedInput, IdentityFact, PlanView } from '../protocol/plan';
import type { ClientEnvironment, RunRecord, startRun, StepRecord } from '../protocol/runs';
import type { Requirement } from '../runbook/requires';
import type { SecretReference } from '../secrets/types';

/** What somebody asks to be run; the same for the agent's clients and for `handrail run`. */
export type RunRequest = ParamsOf<typeof startRun>;

/** A runbook of a plan: the one asked for, or one that a cell's `needs=other.md#name` leads to. */
export interface PlannedRunbook {
  /** Absolute path. */
  readonly file: string;
  readonly runbook: Runbook;
}

/** One step of a plan. */
export interface PlannedStep {
  readonly index: number;
  readonly cell: Cell;
  readonly key: CellKey;
  readonly options: CellOptions;
  /** The runbook that the cell is of. */
  readonly from: PlannedRunbook;
  /** What runs: the cell's text with inputs, placeholders and references filled in. */
  readonly text: string;
  /** Variables that {@link text} refers to and inputs that reach the cell. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of the secrets that the cell gets. */
  readonly secrets: readonly string[];
  /** Variables of the secret inputs and placeholders that it uses, as its own file declares them. */
  readonly secretInputs: readonly string[];
  /** `rollback`: waits at the plan's end, runs only to undo the step `undoes`. */
  readonly role: 'step' | 'rollback';
  readonly undoes?: number;
  /** The rule that has it ask: `.handrail.yaml: effect=destroy`. */
  readonly askedBy?: string;
  /** What has to be typed to approve it: the name of a context that counts as production. */
  readonly typed?: string;
  /** An approval of all steps at once is none for this one. */
  readonly onlyByName?: true;
  /** Why it cannot run, where the run goes on without it. */
  readonly fault?: string;
  /** Milliseconds in which all of it ends, its retries included: a rule's. */
  readonly limit?: number;
  /** Indexes of steps that must have passed. */
  readonly needs: readonly number[];
  /** Not asked for: here because another step needs it. */
  readonly pulledIn: boolean;
}

/** An input of a plan with its value, if there is one. */
export type PlannedInput = AskedInput & {
  readonly value?: string;
  /** Of a placeholder that is a secret: the variable by which cells get it. */
  readonly variable?: string;
};

/** A requirement, and the runbook that declares it (absolute path). */
export type PlannedRequirement = Requirement & { readonly file: string };

/** The steps of a run in order; the same for the run, `--dry-run` and the editor. */
export interface Plan {
  readonly file: string;
  readonly runbook: Runbook;
  readonly steps: readonly PlannedStep[];
  /** Inputs and placeholders that the steps use, with their values where given. */
  readonly inputs: readonly PlannedInput[];
  readonly secrets: readonly SecretReference[];
  readonly requires: readonly PlannedRequirement[];
  /** What its cells will find first, as far as that is known before. */
  readonly environment: Pick<ClientEnvironment, 'env' | 'cwd'>;
  /** As whom and where it will act; read when the plan was made. */
  readonly identity: readonly IdentityFact[];
  readonly leftOut: PlanView['leftOut'];
  /** See `part` of a run as listed. */
  readonly part?: string;
  /** Where a run is gone on with: steps by index that are not run again, and why. */
  readonly carried?: ReadonlyMap<number, string>;
  readonly prerequisites: readonly { file: string; text: string; line: number }[];
  /** What is doubtful but does not keep the plan from running. */
  readonly warnings: readonly FiledDiagnostic[];
}

/**
 * Follows a run: in the process that executes it, or from afar through a client. What it is told is on disk
 * already. Records are immutable snapshots.
 */
export interface RunObserver {
  /** Before the run starts, where it is executed: what is doubtful about it, and its steps. */
  planned?(warnings: readonly Diagnostic[], steps: readonly PlannedStep[]): void;
  /** The run started or ended. */
  runChanged(run: RunRecord): void;
  stepChanged(run: RunRecord, step: StepRecord): void;
  /** A returned promise is back-pressure. */
  output(run: RunRecord, step: StepRecord, piece: OutputEvent): void | Promise<void>;
}

export interface OutputEvent {
  /** Does not rise where the piece could not be recorded (disk full); nobody finds such a piece in the store. */
  readonly seq: number;
  readonly stream: Stream;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly bytes: Uint8Array;
}

/** A run under way in this process. */
export interface ActiveRun {
  readonly record: RunRecord;
  readonly ended: Promise<RunRecord>;
  cancel(step?: number): void;
  /** Answers a step that asks; ignored where none does. */
  answer(step: number, approve: boolean, by: string): void;
  write(step: number, data: Uint8Array): void;
  resize(step: number, columns: number, rows: number): void;
}

/** All runs of this process. Made by `createRuns` in `engine/runs.ts`. */
export interface Runs {
  /** Plans, records and starts. Throws {@link import('../protocol/errors').HandrailError}. */
  start(request: RunRequest, observer: RunObserver): ActiveRun;
  /** What {@link start} would do; what is missing is in the plan and no error. Throws like it otherwise. */
  plan(request: RunRequest): Plan;
  /** One that goes on, or whose end is not on disk yet. */
  active(id: string): ActiveRun | undefined;
  /** How many go on. */
  readonly size: number;
  /** Kept sessions, by runbook path. */
  sessions(): {
    file: string;
    startedAt: number;
    usedAt: number;
    /** Looks at every process of the machine. */
    processes(): Promise<{ pid: number; command: string }[]>;
  }[];
  /** `by`: the kind of client that asks. */
  resetSession(file: string, by: string): Promise<void>;
  /** Cancels every run and ends every session. */
  close(): Promise<void>;
}
