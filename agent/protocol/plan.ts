import * as z from 'zod';

/** One fact of as whom and where a run acts, read from local configuration: `kube` `prod-eu as ana`. */
export const IdentityFact = z.object({
  /** `kube`, `aws`, `gcloud`, `azure`, `tofu`, `docker`, `git`. */
  kind: z.string(),
  /** For a person: `prod-eu as ana`. */
  label: z.string(),
  /** All that must stay the same, by name: `context`, `server`, `user`, `namespace` … */
  values: z.record(z.string(), z.string()),
  /** Whether the run stops where it changes; a commit of the runbook's repository may. */
  held: z.boolean(),
});
export type IdentityFact = z.infer<typeof IdentityFact>;

/** An input of a runbook, or a placeholder of its cells, as asked for. */
export const AskedInput = z.object({
  name: z.string(),
  /** `placeholder`: text like `<namespace>` in a cell, not declared by the author. */
  from: z.enum(['input', 'placeholder']),
  type: z.enum(['string', 'number', 'boolean', 'choice', 'secret']),
  description: z.string().optional(),
  choices: z.array(z.string()).optional(),
  pattern: z.string().optional(),
  default: z.string().optional(),
  /** What was given last time; never of a secret. */
  last: z.string().optional(),
  /** What is wrong with the value that was given. */
  wrong: z.string().optional(),
  /** Names of the cells that use it. */
  cells: z.array(z.string()),
  /** Where it is declared, or the placeholder stands. */
  line: z.number().int(),
  column: z.number().int().optional(),
  /** Of the runbook that declares it, where it is another one than the plan's. */
  file: z.string().optional(),
});
export type AskedInput = z.infer<typeof AskedInput>;

/** A cell that wants an approval before it runs. */
export const AskedApproval = z.object({
  /** What it is approved by: the cell's name; of a cell of another file with that, `../out/q.runbook.md#drop`. */
  name: z.string(),
  /** Of the cell, where it is another one than the plan's. */
  file: z.string().optional(),
  text: z.string(),
  /** What has to be typed to approve it, where a yes is not enough: the name of a production context. */
  typed: z.string().optional(),
  line: z.number().int(),
});
export type AskedApproval = z.infer<typeof AskedApproval>;

/** Details of the error `needsAnswer`: all that is missing, at once. */
export const MissingAnswers = z.object({
  file: z.string(),
  confirm: z.array(AskedApproval).default([]),
  inputs: z.array(AskedInput).default([]),
  /** Names of `editor:` secrets that were not sent along. */
  secrets: z.array(z.string()).default([]),
});
export type MissingAnswers = z.infer<typeof MissingAnswers>;

/** What is doubtful in a runbook but keeps nothing from running. */
export const PlanWarning = z.object({
  file: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  message: z.string(),
  hint: z.string().optional(),
});
export type PlanWarning = z.infer<typeof PlanWarning>;

/** One step as planned, with its text after substitution; secrets stand as references, never as values. */
export const PlannedStepView = z.object({
  index: z.number().int(),
  name: z.string(),
  /** Index of the cell in its file. */
  cell: z.number().int(),
  /** Of the cell's own file, where it is another one than the plan's. */
  file: z.string().optional(),
  language: z.string(),
  line: z.number().int(),
  section: z.array(z.string()),
  text: z.string(),
  /** Indexes of steps that must have passed. */
  needs: z.array(z.number().int()),
  pulledIn: z.boolean(),
  /** Where a run is gone on with: why the step is not run again. */
  carried: z.string().optional(),
  /** Why it cannot run, where the others are run all the same. */
  fault: z.string().optional(),
  /** `rollback`: runs only if a later step fails, to undo the step `undoes`. */
  role: z.enum(['step', 'rollback']),
  undoes: z.number().int().optional(),
  target: z.string(),
  effect: z.enum(['read', 'change', 'destroy']),
  when: z.string().optional(),
  unless: z.string().optional(),
  verify: z.string().optional(),
  /** Asked again and again until it exits 0: then a background cell has passed. */
  ready: z.string().optional(),
  /** What is asked before it runs. */
  confirm: z.string().optional(),
  /** What has to be typed to approve it; see {@link AskedApproval}. */
  typed: z.string().optional(),
  timeout: z.number().optional(),
  retries: z.number().int(),
  onError: z.enum(['stop', 'continue', 'rollback']),
  lock: z.string().optional(),
  parallel: z.string().optional(),
  background: z.enum(['run', 'detach']).optional(),
  output: z.string().optional(),
  /** What else its attributes say, where that is not the default. Durations are milliseconds. */
  cwd: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  expectExit: z.array(z.number().int()).optional(),
  retryDelay: z.number().optional(),
  strict: z.literal(false).optional(),
  tty: z.enum(['always', 'never']).optional(),
  mime: z.string().optional(),
  interpreter: z.array(z.string()).optional(),
  fresh: z.literal(true).optional(),
  user: z.string().optional(),
  /** Names of secrets that it gets. */
  secrets: z.array(z.string()),
});
export type PlannedStepView = z.infer<typeof PlannedStepView>;

/** A plan as shown: the same for `--dry-run`, *Show Plan* and `run.started`. */
export const PlanView = z.object({
  file: z.string(),
  title: z.string(),
  identity: z.array(IdentityFact),
  /** What is asked for, with the values given (secrets never). */
  inputs: z.array(AskedInput.extend({ value: z.string().optional() })),
  /** Tools and probes that are looked at before the first step, and what was found where they were looked at. */
  requires: z.array(
    z.object({
      name: z.string(),
      wanted: z.string(),
      found: z.string().optional(),
      problem: z.string().optional(),
    }),
  ),
  steps: z.array(PlannedStepView),
  /** Cells that a run of the whole file leaves out, and why. */
  leftOut: z.array(z.object({ name: z.string(), line: z.number().int(), why: z.string() })),
  /** Runbooks linked below a heading *Prerequisites*: absolute paths, and how their last run ended if there was one. */
  prerequisites: z.array(
    z.object({ file: z.string(), text: z.string(), line: z.number().int(), last: z.string().optional() }),
  ),
  warnings: z.array(PlanWarning),
});
export type PlanView = z.infer<typeof PlanView>;
