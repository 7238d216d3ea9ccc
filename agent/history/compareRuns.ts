import type * as z from 'zod';
import type { RunComparison } from '../protocol/history';
import type { RunRecord, RunSummary, StepRecord } from '../protocol/runs';
import { comparedFacts } from './comparedFacts';
import { matchRuns } from './matchRuns';
import type { StepPair } from './matchRuns';
import { unifiedDiff } from './unifiedDiff';

type Comparison = z.infer<typeof RunComparison>;
type Compared = Comparison['steps'][number];

/** A run, and what its steps printed: the last 64 KiB of each as readable text. */
export interface ComparableRun {
  readonly run: RunRecord;
  readonly output: (step: number) => string;
}

/** How two runs differ: in what they began with, and step by step. */
export function compareRuns(left: ComparableRun, right: ComparableRun): Comparison {
  return {
    left: summaryOf(left.run),
    right: summaryOf(right.run),
    facts: comparedFacts(left.run, right.run),
    steps: matchRuns(left.run, right.run).map(pair => compareSteps(pair, left, right)),
  };
}

/** Whether two runs are the same but for how long they took. */
export function areAlike({ facts, steps }: Comparison): boolean {
  return facts.length === 0 && steps.every(({ changed }) => changed.every(what => what === 'time'));
}

function compareSteps({ left, right }: StepPair, from: ComparableRun, to: ComparableRun): Compared {
  const name = right?.name ?? left?.name ?? '';
  if (!left) return { name, ...(right && { right: comparedOf(right) }), changed: ['added'] };
  if (!right) return { name, left: comparedOf(left), changed: ['removed'] };
  const text = left.text === right.text ? undefined : diff([from, to], [left.text, right.text]);
  const printed = [outputOf(from, left), outputOf(to, right)] as const;
  const output = printed[0] === printed[1] ? undefined : diff([from, to], printed);
  const changed: Compared['changed'] = [
    ...(isSameEnd(left, right) ? [] : (['state'] as const)),
    ...(isSameTime(left, right) ? [] : (['time'] as const)),
    ...(output === undefined ? [] : (['output'] as const)),
    ...(text === undefined ? [] : (['text'] as const)),
  ];
  const sides = { left: comparedOf(left), right: comparedOf(right) };
  return { name, ...sides, changed, ...(text && { text }), ...(output && { output }) };
}

function comparedOf(step: StepRecord): NonNullable<Compared['left']> {
  const { index, state, exit, message } = step;
  const ms = timeOf(step);
  return {
    index,
    state,
    ...(ms === undefined ? {} : { ms }),
    ...(exit === undefined ? {} : { exit }),
    ...(message === undefined ? {} : { message }),
  };
}

function isSameEnd(left: StepRecord, right: StepRecord): boolean {
  return left.state === right.state && left.exit === right.exit && left.reason === right.reason;
}

/** Times are never the same: what counts is a second and half as much again. */
function isSameTime(left: StepRecord, right: StepRecord): boolean {
  const [a, b] = [timeOf(left) ?? 0, timeOf(right) ?? 0];
  return Math.abs(a - b) < 1000 || Math.max(a, b) < 1.5 * Math.min(a, b);
}

function timeOf({ startedAt, endedAt }: StepRecord): number | undefined {
  return startedAt === undefined || endedAt === undefined ? undefined : Math.max(0, endedAt - startedAt);
}

function outputOf({ output }: ComparableRun, step: StepRecord): string {
  return step.outputBytes === 0 ? '' : output(step.index);
}

function diff(
  [left, right]: readonly [ComparableRun, ComparableRun],
  [before, after]: readonly [string, string],
): string {
  return unifiedDiff({ name: left.run.id, text: before }, { name: right.run.id, text: after });
}

function summaryOf({ steps: _steps, ...run }: RunRecord): RunSummary {
  return run;
}
