import type { PlannedStep, RunObserver } from '../../engine/types';
import type { RunRecord, StepRecord } from '../../protocol/runs';
import type { Diagnostic } from '../../runbook/model';
import { exitOf } from './exitOf';
import { createUtf8Split, type Utf8Split } from './utf8Split';
import { hasEnded } from './wordStep';

/** Raised when a field changes its meaning; new kinds and new fields do not raise it. */
const version = 1;

/** Prints a run as events, one JSON object a line, each with `type`, `v`, `seq`, `time` (ISO 8601) and `run`. */
export function createJsonlPresenter(write: (line: string) => void | Promise<void>): RunObserver {
  const told = new Map<number, string>();
  const splits = new Map<string, Utf8Split>();
  let seq = 0;
  let begun = false;
  let warnings: readonly Diagnostic[] = [];
  let asking: ReadonlyMap<number, Asking> = new Map();
  const emit = (run: string, type: string, time: number, fields: object): void | Promise<void> => {
    seq += 1;
    const event = { type, v: version, seq, time: new Date(time).toISOString(), run, ...fields };
    return write(`${JSON.stringify(event)}\n`);
  };
  const flush = (run: RunRecord, step: StepRecord): void => {
    for (const [key, split] of splits) {
      const [index, stream] = key.split(' ');
      if (Number(index) !== step.index) continue;
      splits.delete(key);
      const rest = split.rest();
      if (rest !== undefined)
        void emit(run.id, 'step.output', step.endedAt ?? Date.now(), { ...where(step), stream, ...rest });
    }
  };
  return {
    planned(doubtful, steps) {
      warnings = doubtful;
      asking = new Map(
        steps.filter(({ options }) => options.confirm !== undefined).map(step => [step.index, step]),
      );
    },
    runChanged(run) {
      if (!begun) {
        begun = true;
        void emit(run.id, 'run.started', run.startedAt, {
          ...planOf(run, asking),
          warnings: warnings.map(asJson),
        });
      }
      if (run.state === 'running') return;
      void emit(run.id, 'run.finished', run.endedAt ?? Date.now(), { state: run.state, exit: exitOf(run) });
    },
    stepChanged(run, step) {
      const state = `${step.state} ${step.attempt} ${step.state === 'pending' ? waitOf(step) : ''}`;
      if (told.get(step.index) === state || (step.state === 'pending' && waitOf(step) === '')) return;
      told.set(step.index, state);
      if (hasEnded(step)) flush(run, step);
      void emit(run.id, ...stepEvent(step));
    },
    output(run, step, piece) {
      const key = `${step.index} ${piece.stream}`;
      let split = splits.get(key);
      if (split === undefined) splits.set(key, (split = createUtf8Split()));
      const content = split.push(piece.bytes);
      if (content === undefined) return;
      return emit(run.id, 'step.output', piece.time, { ...where(step), stream: piece.stream, ...content });
    },
  };
}

/** Kind, time and fields of the event that tells how a step is. */
function stepEvent(step: StepRecord): [type: string, time: number, fields: object] {
  if (step.state === 'pending') {
    const asked = { asks: step.asks !== undefined, ...typedOf(step) };
    return ['step.waiting', Date.now(), { ...where(step), message: waitOf(step), ...asked }];
  }
  if (step.state === 'running')
    return ['step.started', step.startedAt ?? Date.now(), { ...where(step), attempt: step.attempt }];
  return ['step.finished', step.endedAt ?? Date.now(), result(step)];
}

/** What a step waits for whose turn has come; empty where it does not. */
function waitOf({ asks, message }: StepRecord): string {
  return asks ?? message ?? '';
}

/** A step that wants an approval, and what has to be typed where a yes is not enough. */
type Asking = Pick<PlannedStep, 'typed'>;

function typedOf({ typed }: Pick<StepRecord, 'typed'>): object {
  return typed === undefined ? {} : { typed };
}

function planOf(run: RunRecord, asking: ReadonlyMap<number, Asking>): object {
  return {
    file: run.file,
    title: run.title,
    plan: run.steps.map(({ index, name, language, line, section }) => ({
      step: index,
      name,
      language,
      line,
      section,
      ...(asking.has(index) ? { asks: true, ...typedOf(asking.get(index) ?? {}) } : {}),
    })),
  };
}

function asJson({ severity, code, message, hint, line, column }: Diagnostic): object {
  return { severity, code, message, ...(hint === undefined ? {} : { hint }), line, column };
}

function where(step: StepRecord): { step: number; name: string } {
  return { step: step.index, name: step.name };
}

function result(step: StepRecord): object {
  return {
    ...where(step),
    state: step.state,
    exit: step.exit ?? null,
    reason: step.reason ?? null,
    ms:
      hasEnded(step) && step.startedAt !== undefined ? (step.endedAt ?? step.startedAt) - step.startedAt : 0,
    attempt: step.attempt,
    ...(step.signal === undefined ? {} : { signal: step.signal }),
    ...(step.message === undefined ? {} : { message: step.message }),
    ...(step.state === 'failed' ? { line: step.failedLine ?? step.line } : {}),
  };
}
