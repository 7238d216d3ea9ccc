import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { RunRecord, RunSummary, StepRecord } from '../protocol/runs';
import { endReasons, runStates, stepStates } from '../protocol/states';

/** A row as node:sqlite gives it. */
export type Row = Record<string, SQLOutputValue>;

/** Named parameters of a statement. */
export type Values = Record<string, SQLInputValue>;

/** What of a run never changes. */
export function fixedRunValues(run: RunRecord): Values {
  return {
    id: run.id,
    file: run.file,
    title: run.title,
    started_at: run.startedAt,
    asked_by: run.by,
    user: run.user,
    text_hash: run.textHash,
    cwd: run.cwd,
    host: run.host,
    only_cell: run.only ?? null,
    part: run.part ?? null,
    continues: toJson(run.continues),
    whole: run.whole === undefined ? null : Number(run.whole),
    target: run.target ?? null,
    target_wins: run.targetWins === undefined ? null : Number(run.targetWins),
  };
}

/** What of a run changes while it goes on. */
export function changingRunValues(run: RunRecord): Values {
  return {
    state: run.state,
    seq: run.seq,
    ended_at: run.endedAt ?? null,
    steps_total: run.stepsTotal,
    steps_done: run.stepsDone,
    step: run.step ?? null,
    message: run.message ?? null,
    inputs: toJson(run.inputs),
    identity: toJson(run.identity),
    tools: toJson(run.tools),
    commit_id: run.commit ?? null,
    dirty: run.dirty === undefined ? null : Number(run.dirty),
  };
}

/** What of a step never changes. */
export function fixedStepValues(step: StepRecord): Values {
  return {
    idx: step.index,
    cell: cellIdentity(step.key),
    name: step.name,
    cell_key: JSON.stringify(step.key),
    language: step.language,
    line: step.line,
    section: JSON.stringify(step.section),
    text: step.text,
    file: step.file ?? null,
    undoes: step.undoes ?? null,
    target: step.target ?? null,
  };
}

/** What of a step changes while the run goes on. */
export function changingStepValues(step: StepRecord): Values {
  return {
    idx: step.index,
    state: step.state,
    attempt: step.attempt,
    started_at: step.startedAt ?? null,
    ended_at: step.endedAt ?? null,
    reason: step.reason ?? null,
    exit: step.exit ?? null,
    signal: step.signal ?? null,
    message: step.message ?? null,
    failed_line: step.failedLine ?? null,
    tty: Number(step.tty),
    output_seq: step.outputSeq,
    output_bytes: step.outputBytes,
    asks: step.asks ?? null,
    typed: step.typed ?? null,
    approved_by: step.approvedBy ?? null,
    outputs: toJson(step.outputs),
    background: step.background ?? null,
    mime: step.mime ?? null,
    since: toJson(step.since),
  };
}

/** The same for two steps of one cell in two runs of a file. */
function cellIdentity(key: StepRecord['key']): string {
  return key.name === undefined ? `${key.section}\n${key.hash}\n${key.ordinal}` : `#${key.name}`;
}

export function summaryOf(row: Row): RunSummary {
  return {
    id: String(row.id),
    file: String(row.file),
    title: String(row.title),
    state: oneOf(runStates, row.state),
    seq: Number(row.seq),
    startedAt: Number(row.started_at),
    stepsTotal: Number(row.steps_total),
    stepsDone: Number(row.steps_done),
    by: String(row.asked_by),
    user: String(row.user),
    ...(row.ended_at === null ? {} : { endedAt: Number(row.ended_at) }),
    ...(row.step === null ? {} : { step: String(row.step) }),
    ...(row.only_cell === null ? {} : { only: String(row.only_cell) }),
    ...(row.part === null ? {} : { part: String(row.part) }),
    ...(row.target === null ? {} : { target: String(row.target) }),
    ...(row.target_wins === null ? {} : { targetWins: row.target_wins !== 0 }),
    ...(row.message === null ? {} : { message: String(row.message) }),
    ...(row.continues === null ? {} : { continues: fromJson(row.continues) as RunSummary['continues'] }),
  };
}

export function recordOf(row: Row, steps: StepRecord[]): RunRecord {
  return {
    ...summaryOf(row),
    textHash: String(row.text_hash),
    cwd: String(row.cwd),
    host: String(row.host),
    steps,
    ...(row.commit_id === null ? {} : { commit: String(row.commit_id) }),
    ...(row.dirty === null ? {} : { dirty: row.dirty !== 0 }),
    ...(row.whole === null ? {} : { whole: row.whole !== 0 }),
    ...(row.inputs === null ? {} : { inputs: fromJson(row.inputs) as RunRecord['inputs'] }),
    ...(row.identity === null ? {} : { identity: fromJson(row.identity) as RunRecord['identity'] }),
    ...(row.tools === null ? {} : { tools: fromJson(row.tools) as RunRecord['tools'] }),
  };
}

export function stepOf(row: Row): StepRecord {
  return {
    index: Number(row.idx),
    name: String(row.name),
    key: fromJson(row.cell_key) as StepRecord['key'],
    language: String(row.language),
    line: Number(row.line),
    section: fromJson(row.section) as string[],
    text: String(row.text),
    state: oneOf(stepStates, row.state),
    attempt: Number(row.attempt),
    tty: row.tty !== 0,
    outputSeq: Number(row.output_seq),
    outputBytes: Number(row.output_bytes),
    ...endOf(row),
    ...extrasOf(row),
  };
}

function endOf(row: Row): Partial<StepRecord> {
  return {
    ...(row.started_at === null ? {} : { startedAt: Number(row.started_at) }),
    ...(row.ended_at === null ? {} : { endedAt: Number(row.ended_at) }),
    ...(row.reason === null ? {} : { reason: oneOf(endReasons, row.reason) }),
    ...(row.exit === null ? {} : { exit: Number(row.exit) }),
    ...(row.signal === null ? {} : { signal: String(row.signal) }),
    ...(row.message === null ? {} : { message: String(row.message) }),
    ...(row.failed_line === null ? {} : { failedLine: Number(row.failed_line) }),
  };
}

/** What most steps do not have. */
function extrasOf(row: Row): Partial<StepRecord> {
  return {
    ...(row.file === null ? {} : { file: String(row.file) }),
    ...(row.undoes === null ? {} : { undoes: Number(row.undoes) }),
    ...(row.target === null ? {} : { target: String(row.target) }),
    ...(row.asks === null ? {} : { asks: String(row.asks) }),
    ...(row.typed === null ? {} : { typed: String(row.typed) }),
    ...(row.approved_by === null ? {} : { approvedBy: String(row.approved_by) }),
    ...(row.outputs === null ? {} : { outputs: fromJson(row.outputs) as StepRecord['outputs'] }),
    ...(row.background === null ? {} : { background: oneOf(backgroundStates, row.background) }),
    ...(row.mime === null ? {} : { mime: String(row.mime) }),
    ...(row.since === null ? {} : { since: fromJson(row.since) as StepRecord['since'] }),
  };
}

const backgroundStates = ['running', 'ended', 'detached'] as const;

function toJson(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function fromJson(value: SQLOutputValue | undefined): unknown {
  return JSON.parse(String(value));
}

/** Throws where another program has written what is none of ours. */
export function oneOf<T extends string>(known: readonly T[], value: unknown): T {
  const found = known.find(one => one === value);
  if (found === undefined)
    throw new TypeError(`The history holds ${String(value)}, not one of ${known.join(', ')}`);
  return found;
}
