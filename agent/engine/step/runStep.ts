import type { CellSpec, Ending, Execution, OutputSink, Session } from '../../executors/executor';
import { cellOptions, type CellOptions } from '../../runbook/cellOptions';
import { askGuards, verify } from './guards';
import type { Clock } from '../clock';
import type { StepControl } from './stepControl';
import type { StepEnd } from './stepEnd';
import type { PlannedStep } from '../types';

/** What a step is run with. */
export interface StepSetting {
  readonly step: PlannedStep;
  readonly spec: CellSpec;
  /** Where its guards and its cell run. */
  readonly session: Session;
  /** Takes what guards print. */
  readonly sink: OutputSink;
  /** Takes what the cell prints. */
  readonly cellSink: OutputSink;
  readonly control: StepControl;
  readonly clock: Clock;
  /** When it began, by the clock's `elapsed`: what a rule leaves the step runs from here. */
  readonly since: number;
  /** Milliseconds, for each thing that it executes. */
  readonly timeout: number | undefined;
  /** Executes the cell some other way than as one cell of the session. */
  readonly execute: ((setting: StepSetting) => Promise<StepEnd>) | undefined;
  /** Before each attempt, from 1. */
  readonly begins: (attempt: number) => void;
  /** The cell is under way. */
  readonly started: () => void;
  /** After an attempt that did not pass: ends what it has left running beside the others. */
  readonly abandon: () => Promise<void>;
  /** The step is tried again; `message` tells why and when. */
  readonly retrying: (attempt: number, message: string | undefined) => void;
}

/** Runs one step: guards, the cell with its retries, verification. Never rejects for anything the cell does. */
export async function runStep(unlimited: StepSetting): Promise<StepEnd> {
  const setting = withinLimit(unlimited);
  const guarded = await askGuards(setting);
  if (guarded.end) return guarded.end;
  const end = await attempts(setting);
  const { doubt } = guarded;
  if (doubt === undefined) return end;
  return { ...end, message: end.message === undefined ? doubt : `${end.message}\n${doubt}` };
}

/** Of what a rule leaves the step as a whole, each thing that it executes has what the others have not used. */
function withinLimit(setting: StepSetting): StepSetting {
  const { step, clock, since, timeout = Infinity } = setting;
  if (step.limit === undefined) return setting;
  const end = since + step.limit;
  return {
    ...setting,
    get timeout() {
      return Math.max(1, Math.min(timeout, end - clock.elapsed()));
    },
  };
}

async function attempts(setting: StepSetting): Promise<StepEnd> {
  const { control, step, retrying, clock } = setting;
  for (let attempt = 1; ; attempt++) {
    const started = clock.elapsed();
    const given = setting.timeout;
    const end = await attemptOnce(setting, attempt);
    if (end.state !== 'passed') await setting.abandon();
    // What could not even be started will not start the next time either.
    const again = end.state === 'failed' && end.reason !== 'error' && attempt <= step.options.retries;
    const ended = (): StepEnd => explained(end, { ...setting, timeout: given }, clock.elapsed() - started);
    if (!again) return ended();
    if (control.halted.aborted) return givenUp(ended());
    const delay = retryDelay(step.options.retryDelay, attempt);
    if (step.limit !== undefined && delay >= (setting.timeout ?? Infinity)) return ended();
    const failed = `attempt ${attempt} of ${step.options.retries + 1}: ${wordFailure(end)}`;
    retrying(attempt, `${failed}, again in ${(delay / 1000).toFixed(1)} s`);
    await control.pause(delay, control.halted);
    if (control.isCancelled) return { state: 'cancelled', reason: 'cancel' };
    if (control.halted.aborted) return givenUp(ended());
    retrying(attempt + 1, undefined);
  }
}

/** Another step of its group has ended the run. */
function givenUp(end: StepEnd): StepEnd {
  const words = 'not tried again: the run stops';
  return { ...end, message: end.message === undefined ? words : `${end.message}; ${words}` };
}

async function attemptOnce(setting: StepSetting, attempt: number): Promise<StepEnd> {
  const { step, spec, session, cellSink, control, timeout, execute, begins, started } = setting;
  begins(attempt);
  const start = (): Execution => {
    const execution = session.run(spec, cellSink);
    started();
    return execution;
  };
  const end = execute ? await execute(setting) : cellEnd(await control.execute(start, timeout), step);
  if (end.state !== 'passed') return end;
  return (await verify(setting)) ?? end;
}

/** Says more where the reason alone leaves a person guessing. `ms`: what the last attempt took. */
function explained(end: StepEnd, { step, spec, timeout }: StepSetting, ms: number): StepEnd {
  if (end.state !== 'failed' || end.message !== undefined) return end;
  if (end.reason === 'timeout' && timeout !== undefined)
    return { ...end, message: wordTimeout(step, timeout, ms) };
  const { expectExit } = step.options;
  if (end.reason === 'exit' && !(expectExit.length === 1 && expectExit[0] === 0))
    return { ...end, message: `expect-exit wants ${expectExit.join(' or ')}` };
  const hasPipefail = ['bash', 'sh', 'zsh'].includes(spec.language) && spec.interpreter === undefined;
  const isCutOff = end.exit === brokenPipe && spec.strict && hasPipefail;
  return isCutOff ? { ...end, message: cutOff } : end;
}

/** A rule may have set the limit, or shortened the author's. */
function wordTimeout({ cell, options, from }: PlannedStep, timeout: number, ms: number): string {
  const own = cellOptions(cell, from.runbook.frontMatter).options.timeout;
  const ruled = own === options.timeout ? 'timeout=' : 'the limit that a rule sets';
  const limit = options.timeout === undefined ? 'the limit of this run' : ruled;
  const late = ms - timeout >= 1000 ? `, and took ${((ms - timeout) / 1000).toFixed(1)} s to end` : '';
  return `stopped after ${Number((timeout / 1000).toPrecision(3))} s (${limit})${late}`;
}

/** The exit code that shells give a command ended by SIGPIPE. */
const brokenPipe = 141;
const cutOff =
  'A command in a pipe was cut off (SIGPIPE): the next one had read enough. Where that is fine: strict=false, or expect-exit=0,141';

/** How a cell's ending counts. */
export function cellEnd(ending: Ending, { cell, options }: PlannedStep): StepEnd {
  const passed = ending.reason === 'exit' && options.expectExit.includes(ending.exit ?? 0);
  if (passed) return { state: 'passed', reason: 'exit', exit: ending.exit ?? 0 };
  const { failedLine, ...facts } = ending;
  // In a console cell the prompts are left out of what runs, so lines of the two do not answer to each other.
  const line =
    failedLine === undefined || cell.form === 'console' ? undefined : cell.contentLine + failedLine - 1;
  return {
    ...facts,
    state: ending.reason === 'cancel' ? 'cancelled' : 'failed',
    ...(line === undefined ? {} : { failedLine: line }),
  };
}

/** Doubles with each attempt up to {@link longestDelay}; half of it is left to chance. */
export function retryDelay(
  first: CellOptions['retryDelay'],
  attempt: number,
  random = Math.random(),
): number {
  const delay = Math.min(longestDelay, first * 2 ** (attempt - 1));
  return delay * (0.5 + random / 2);
}

const longestDelay = 5 * 60 * 1000;

function wordFailure({ reason, exit, signal, message }: StepEnd): string {
  if (message !== undefined) return message;
  if (reason === 'timeout') return 'timed out';
  return signal === undefined ? `exit ${exit ?? 1}` : signal;
}
