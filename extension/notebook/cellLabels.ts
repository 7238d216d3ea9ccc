import type { StepRecord } from '../../agent/protocol/runs';
import { saySince } from '../../agent/protocol/words';
import { hasEnded, outcome, stepMark } from './stepWords';

/** An item of a cell's status bar, in words. */
export interface StatusLabel {
  /** One of VS Code's icons, before the text. */
  readonly icon?: string;
  readonly text: string;
  readonly tooltip: string;
  /** Where a click on it goes: a line of the file, from 1. */
  readonly line?: number;
}

/** What a cell is: `restart · local · 30 s`. */
export function cellLabel(cell: {
  readonly name: string;
  readonly target: string;
  readonly timeout?: string;
  readonly confirm: boolean;
  /** Why Run All leaves it out; undefined where it does not. */
  readonly leftOut?: string;
}): StatusLabel {
  const parts = [
    cell.name,
    cell.target,
    ...(cell.timeout === undefined ? [] : [cell.timeout]),
    ...(cell.confirm ? ['asks first'] : []),
    ...(cell.leftOut === undefined ? [] : ['not in Run All']),
  ];
  const tooltip = [
    `Cell ${cell.name}`,
    cell.target === 'local' ? 'runs on this machine' : `runs on ${cell.target}`,
    ...(cell.timeout === undefined ? [] : [`ends after ${cell.timeout} at the latest`]),
    ...(cell.confirm ? ['asks before it runs'] : []),
    ...(cell.leftOut === undefined ? [] : [`is left out by Run All: ${cell.leftOut}`]),
  ];
  return { text: parts.join(' · '), tooltip: tooltip.join(', ') };
}

/** How the cell stands; undefined where VS Code's own mark, or the line below its output, says it all. */
export function resultLabel(
  step: StepRecord,
  edited: boolean,
  hasOutput: boolean,
  now: number,
  /** Where the cell runs as it stands. */
  target = step.target ?? 'local',
): StatusLabel | undefined {
  const words = outcome(step);
  const line = step.state === 'failed' ? step.failedLine : undefined;
  // The line below the output has the exit code and the link.
  const said = hasOutput && step.state !== 'skipped';
  const place = step.target ?? 'local';
  const elsewhere = place === target || step.startedAt === undefined ? [] : [`ran on ${place}`];
  const parts = [
    ...(words === '' || said ? [] : [`${stepMark(step.state)} ${firstLine(words)}`]),
    ...(line === undefined || said ? [] : [`line ${String(line)}`]),
    ...elsewhere,
    ...(edited ? ['edited since'] : []),
  ];
  const tooltip = [
    ...(words === '' ? [] : [words]),
    ...(step.message === undefined || words.includes(step.message) ? [] : [step.message]),
    ...(line === undefined || said ? [] : [`click to go to line ${String(line)}`]),
    ...elsewhere,
    ...(edited ? ['the cell was edited since it ran'] : []),
    ...sinceWords(step, now),
    ...approvedWords(step),
  ].join(' · ');
  if (parts.length === 0) return undefined;
  return { text: parts.join(' · '), tooltip, ...(line === undefined || said ? {} : { line }) };
}

/** What a click on a step's item does. */
export type StepAction = 'answer' | 'stop';

/** What a step waits for or leaves running, with what to do about it. */
export function actionLabel(step: StepRecord): (StatusLabel & { readonly action: StepAction }) | undefined {
  if (step.asks !== undefined) {
    const tooltip = `${step.asks} It waits for your answer: click to approve or to decline.`;
    return { icon: 'question', text: 'waits for approval · Answer…', tooltip, action: 'answer' };
  }
  if (step.background === undefined || step.background === 'ended' || !hasEnded(step.state)) return undefined;
  const detached = step.background === 'detached';
  const tooltip = detached
    ? 'It goes on running, also after the run and the agent. Click to stop it.'
    : 'It goes on running until the run or its session ends. Click to stop it.';
  const text = `${detached ? 'running detached' : 'running in the background'} · Stop`;
  return { icon: 'debug-stop', text, tooltip, action: 'stop' };
}

/** The variables that a step set; undefined where it set none. */
export function outputsLabel({ outputs }: StepRecord): StatusLabel | undefined {
  // Where a long value's file is is nothing that the author named.
  const entries = Object.entries(outputs ?? {}).filter(
    ([name]) => !(name.endsWith('_FILE') && name.slice(0, -5) in (outputs ?? {})),
  );
  if (entries.length === 0) return undefined;
  const names = entries.map(([name]) => name);
  const more = names.length > 3 ? ` and ${String(names.length - 3)} more` : '';
  return {
    text: `set ${names.slice(0, 3).join(', ')}${more}`,
    tooltip: entries.map(([name, value]) => `${name}=${firstLine(value)}`).join('\n'),
  };
}

function sinceWords(step: StepRecord, now: number): string[] {
  return [saySince(step, now) ?? []].flat();
}

function approvedWords({ approvedBy }: StepRecord): string[] {
  return approvedBy === undefined ? [] : [`approved by ${approvedBy}`];
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}
