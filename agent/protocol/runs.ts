import * as z from 'zod';
import { notification, request } from './message';
import { AbsolutePath, Environment, SystemText, TerminalExtent, Umask } from './system';
import { IdentityFact, PlanView, PlanWarning } from './plan';
import { endReasons, runStates, stepStates } from './states';

/** See {@link import('../runbook/cellKey').CellKey}. */
export const CellKey = z.object({
  name: z.string().optional(),
  section: z.string(),
  hash: z.string(),
  ordinal: z.number().int(),
  index: z.number().int(),
});

export const StepState = z.enum(stepStates);
export type StepState = z.infer<typeof StepState>;

export const RunState = z.enum(runStates);
export type RunState = z.infer<typeof RunState>;

export const EndReason = z.enum(endReasons);
export type EndReason = z.infer<typeof EndReason>;

/** One cell within one run. Times are milliseconds since 1970. */
export const StepRecord = z.object({
  index: z.number().int(),
  name: z.string(),
  key: CellKey,
  language: z.string(),
  /** Line of the fence in the file as run. */
  line: z.number().int(),
  section: z.array(z.string()),
  /** The text that ran. */
  text: z.string(),
  state: StepState,
  attempt: z.number().int(),
  startedAt: z.number().optional(),
  endedAt: z.number().optional(),
  reason: EndReason.optional(),
  exit: z.number().int().optional(),
  signal: z.string().optional(),
  /** What to tell a person beyond the reason: why it could not start, which cell it waited for. */
  message: z.string().optional(),
  /** Line in the file of the command that failed, where the shell told. */
  failedLine: z.number().int().optional(),
  /** Whether its output came through a terminal (PTY). */
  tty: z.boolean(),
  /** Sequence number of the last output chunk; 0 when there is none. */
  outputSeq: z.number().int(),
  /** Bytes printed, those that were cut included. */
  outputBytes: z.number().int(),
  /** Absolute path of the runbook that the cell is of, where it is another one than the run's. */
  file: z.string().optional(),
  /** Where it runs, as `target=` has it; absent: on the machine of the run. */
  target: z.string().optional(),
  /** Index of the step that this one rolls back. */
  undoes: z.number().int().optional(),
  /** The question, while the step waits for an approval; see {@link answerStep}. */
  asks: z.string().optional(),
  /** While it asks: what has to be typed to approve it, where a yes is not enough. */
  typed: z.string().optional(),
  /** Who approved it, where it was asked for. */
  approvedBy: z.string().optional(),
  /** Variables that it set by `output=` or `$HANDRAIL_OUTPUT`: secrets masked, long values cut. */
  outputs: z.record(z.string(), z.string()).optional(),
  /** A background cell: whether it still runs although the step is over. */
  background: z.enum(['running', 'ended', 'detached']).optional(),
  /** How its stdout is meant to be shown. */
  mime: z.string().optional(),
  /** Of a failed step: when it last passed (ms), and what is not as it was then: `kubectl 1.29 → 1.31`, `cell edited`. */
  since: z.object({ passedAt: z.number(), changes: z.array(z.string()) }).optional(),
});
export type StepRecord = z.infer<typeof StepRecord>;

/** A run as listed. */
export const RunSummary = z.object({
  id: z.string(),
  /** Absolute path of the runbook. */
  file: z.string(),
  title: z.string(),
  state: RunState,
  /** Rises by one with each change of the run or of one of its steps (not with output). */
  seq: z.number().int(),
  startedAt: z.number(),
  endedAt: z.number().optional(),
  stepsTotal: z.number().int(),
  stepsDone: z.number().int(),
  /** Name of the step that runs, or that ended the run. */
  step: z.string().optional(),
  /** Who asked: `editor`, `cli`, `schedule`, `check`. */
  by: z.string(),
  user: z.string(),
  /** Name of the one cell that was chosen, where it was one. */
  only: z.string().optional(),
  /** Which part of the runbook was chosen, where it was more than one cell: `from drain`, `3 of 7 cells`. */
  part: z.string().optional(),
  /** Where it was asked to run: see `target` of {@link RunParams}. */
  target: z.string().optional(),
  /** Whether cells were to run there although they name another target. */
  targetWins: z.boolean().optional(),
  /** Why it ended as it did, or what it waits for, where that concerns no single step. */
  message: z.string().optional(),
  /** The run that this one goes on from. */
  continues: z.object({ run: z.string(), how: z.enum(['resume', 'rerun', 'rollback']) }).optional(),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** A run with all its steps. */
export const RunRecord = RunSummary.extend({
  /** {@link import('../runbook/cellKey').hashText} of the file's text as run. */
  textHash: z.string(),
  cwd: z.string(),
  host: z.string(),
  commit: z.string().optional(),
  dirty: z.boolean().optional(),
  /** Inputs and placeholders by name; secret ones are masked. */
  inputs: z.record(z.string(), z.string()).optional(),
  /** As whom and where it acted. */
  identity: z.array(IdentityFact).optional(),
  /** Whether all cells of the file were asked for, not some that were chosen. */
  whole: z.boolean().optional(),
  /** Versions of the tools that it required, as found before the first step. */
  tools: z.record(z.string(), z.string()).optional(),
  steps: z.array(StepRecord),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** Which cells to run. `needs` are pulled in. Cells are named by index into the text that is sent along. */
export const Selection = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('cells'), indexes: z.array(z.number().int()).min(1) }),
]);
export type Selection = z.infer<typeof Selection>;

/** The environment of whoever asked: cells run in it, never in the agent's own. */
export const ClientEnvironment = z.object({
  env: Environment,
  cwd: AbsolutePath,
  umask: Umask,
  user: SystemText,
  terminal: z.object({ columns: TerminalExtent, rows: TerminalExtent }).optional(),
});
export type ClientEnvironment = z.infer<typeof ClientEnvironment>;

/** What somebody asks to be run. */
export const RunParams = z.object({
  /** Identity of the session, base of relative folders. */
  file: AbsolutePath,
  /** The text the person sees, saved or not. */
  text: z.string(),
  selection: Selection,
  environment: ClientEnvironment,
  by: z.enum(['editor', 'cli']),
  /** `kept`: the runbook's session, shared with earlier runs. `own`: one for this run. */
  session: z.enum(['kept', 'own']),
  /** Whether a person looks on, so that `tty=auto` means a terminal. */
  attended: z.boolean(),
  /** Milliseconds; for cells without one of their own. */
  timeout: z.number().min(1).optional(),
  keepGoing: z.boolean().default(false),
  /** Names of `confirm` cells that the person has approved; `*` is all but those in production. */
  approved: z.array(z.string()).default([]),
  /**
   * Whether somebody answers when a step asks ({@link answerStep}). If not, cells that are not approved are refused
   * with `needsAnswer` before anything runs.
   */
  asks: z.boolean().default(false),
  /** Values of inputs and placeholders by name. */
  inputs: z.record(z.string(), SystemText).default({}),
  /** Values of `editor:` secrets by name; never recorded. */
  secrets: z.record(z.string(), SystemText).default({}),
  /** Undo what has passed, in reverse order, when a step fails. */
  rollback: z.boolean().default(false),
  /** Cells of one `parallel` group that run at the same time, at most. */
  parallel: z.number().int().min(1).max(64).optional(),
  /** Where cells without a `target` of their own run. */
  target: z.string().optional(),
  /** Indexes of cells that run there although they name another target. */
  targetOf: z.array(z.number().int()).default([]),
  /**
   * An earlier run to go on from; `inputs` win over its own. `resume`: from its failed step on, with the session's
   * state of that moment. `rerun`: its cells again. `rollback`: the rollback cells of its passed steps, in reverse order.
   * `selection` is then `all` and means what the earlier run selected.
   */
  continues: z.object({ run: z.string(), how: z.enum(['resume', 'rerun', 'rollback']) }).optional(),
});

/** Plans and starts a run. Refused with `untrusted`, `invalidRunbook`, `needsAnswer`, `store`. */
export const startRun = request(
  'runs/start',
  RunParams,
  z.object({ run: RunRecord, warnings: z.array(PlanWarning).optional() }),
);

/** The plan of a run that is not started: what {@link startRun} with the same parameters would do. */
export const planRun = request('runs/plan', RunParams, z.object({ plan: PlanView }));

/**
 * Answers a step that asks. Not approved: the step and with it the run is cancelled. `typed`: what the person has typed,
 * where that is asked for; refused with `invalidState` where it is not that.
 */
export const answerStep = request(
  'runs/answer',
  z.object({
    run: z.string(),
    step: z.number().int(),
    approve: z.boolean(),
    typed: SystemText.optional(),
    by: SystemText,
  }),
  z.object({}),
);

/**
 * Stops a run, or one step of it. Returns once the ladder has begun, not when it ends. Of what is over already, what it
 * left running on purpose (`background=detach`) is ended before this returns.
 */
export const cancelRun = request(
  'runs/cancel',
  z.object({ run: z.string(), step: z.number().int().optional() }),
  z.object({}),
);

/** Newest first. `before` is the id of the last one of the page before. */
export const listRuns = request(
  'runs/list',
  z.object({
    limit: z.number().int().positive().max(500).default(50),
    before: z.string().optional(),
    file: z.string().optional(),
    state: RunState.optional(),
  }),
  z.object({ runs: z.array(RunSummary), more: z.boolean() }),
);

/** One run; `run` is an id, a unique prefix of one, or `last`. */
export const getRun = request('runs/get', z.object({ run: z.string() }), z.object({ run: RunRecord }));

/** What was given for the inputs of a file in its newest runs, to be offered again; never a secret. */
export const lastInputs = request(
  'runs/lastInputs',
  z.object({ file: z.string() }),
  z.object({ inputs: z.record(z.string(), z.string()) }),
);

/**
 * The last recorded step of each cell that runs of a file had, for marking cells after a reload; one that was not run
 * only where none was. A cell of another runbook has its `step.file`. Newest first.
 */
export const lastSteps = request(
  'runs/lastSteps',
  z.object({ file: z.string() }),
  z.object({ steps: z.array(z.object({ run: z.string(), runState: RunState, step: StepRecord })) }),
);

/** Subscribes this connection to {@link runsChanged}. `run` limits it to one; without it all runs. */
export const watchRuns = request(
  'runs/watch',
  z.object({ run: z.string().optional() }),
  z.object({ watch: z.number().int() }),
);
export const unwatchRuns = request('runs/unwatch', z.object({ watch: z.number().int() }), z.object({}));

/**
 * What changed since the last one. At most one is under way on a connection: the next follows {@link ackChanges}
 * and holds only the latest state of each run, so a slow client costs one entry a run.
 */
export const runsChanged = notification(
  'runs/changed',
  'agent',
  z.object({
    number: z.number().int(),
    runs: z.array(
      z.object({
        run: RunSummary,
        /** Steps that changed state since the last notification. */
        steps: z.array(StepRecord),
        /** Steps with new output: index and last sequence number. */
        output: z.array(z.object({ step: z.number().int(), seq: z.number().int() })),
      }),
    ),
  }),
);
export const ackChanges = notification('runs/ack', 'client', z.object({ number: z.number().int() }));
