import { hostname } from 'node:os';
import { basename } from 'node:path';
import type { RunRecord, StepRecord } from '../../protocol/runs';
import { hashText } from '../../runbook/cellKey';
import { maskText } from '../../secrets/redactingStream';
import type { Mask } from './runRecorder';
import type { StepEnd } from '../step/stepEnd';
import type { Plan, PlannedStep, RunRequest } from '../types';

/** What a record is made from. */
interface Recorded {
  readonly request: RunRequest;
  readonly plan: Plan;
  /** How steps ended already in the run that this one continues, by index. */
  readonly carried: ReadonlyMap<number, StepEnd>;
}

/**
 * The record of a run that has not begun: nothing in it is secret. What is not run again has its end from the
 * beginning, so that nothing that happens to the run makes it forget that.
 */
export function newRecord(recorded: Recorded, mask: Mask, id: string, now: number): RunRecord {
  const { request, plan, carried } = recorded;
  const { file, text, environment, by, continues, target, targetOf = [] } = request;
  const { inputs, identity, part } = plan;
  return {
    id,
    file,
    title: plan.runbook.title ?? basename(file),
    state: 'running',
    seq: 1,
    startedAt: now,
    stepsTotal: plan.steps.filter(({ role }) => role === 'step').length,
    stepsDone: carried.size,
    by,
    user: environment.user,
    textHash: hashText(text),
    cwd: environment.cwd,
    host: hostname(),
    ...(request.selection.kind === 'all' ? { whole: true } : {}),
    ...onlyCell(request, plan),
    ...(part === undefined ? {} : { part }),
    ...(continues === undefined ? {} : { continues }),
    ...(target === undefined ? {} : { target: mask.text(target) }),
    ...(targetOf.length === 0 ? {} : { targetWins: true }),
    ...(inputs.length === 0 ? {} : { inputs: recordedInputs(inputs, mask) }),
    ...(identity.length === 0 ? {} : { identity: [...identity] }),
    steps: plan.steps.map(step => ({ ...newStep(step, plan, mask), ...carried.get(step.index) })),
  };
}

function recordedInputs(inputs: Plan['inputs'], mask: Mask): Record<string, string> {
  const given = inputs.flatMap(({ name, type, value }) =>
    value === undefined ? [] : [[name, type === 'secret' ? maskText : mask.text(value)] as const],
  );
  return Object.fromEntries(given);
}

function onlyCell({ selection, continues }: RunRequest, { steps }: Plan): { only?: string } {
  if (selection.kind !== 'cells' || selection.indexes.length !== 1 || continues) return {};
  const chosen = steps.find(({ pulledIn, role }) => !pulledIn && role === 'step');
  return chosen === undefined ? {} : { only: chosen.cell.name };
}

function newStep(step: PlannedStep, plan: Plan, mask: Mask): StepRecord {
  const { index, cell, key, text, from, undoes } = step;
  const { target } = step.options;
  return {
    index,
    name: cell.name,
    key,
    language: cell.language,
    line: cell.line,
    section: [...cell.section],
    text: mask.text(text),
    state: 'pending',
    attempt: 0,
    tty: false,
    outputSeq: 0,
    outputBytes: 0,
    ...(from.file === plan.file ? {} : { file: from.file }),
    ...(undoes === undefined ? {} : { undoes }),
    ...(target === 'local' ? {} : { target: mask.text(target) }),
  };
}
