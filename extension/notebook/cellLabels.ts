import type { StepRecord } from '../../agent/protocol/runs';
import { outcome, stepMark } from './stepWords';

/** An item of a cell's status bar, in words. */
export interface StatusLabel {
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
  readonly excluded: boolean;
}): StatusLabel {
  const parts = [
    cell.name,
    cell.target,
    ...(cell.timeout === undefined ? [] : [cell.timeout]),
    ...(cell.confirm ? ['asks first'] : []),
    ...(cell.excluded ? ['not in Run All'] : []),
  ];
  const tooltip = [
    `Cell ${cell.name}`,
    cell.target === 'local' ? 'runs on this machine' : `runs on ${cell.target}`,
    ...(cell.timeout === undefined ? [] : [`ends after ${cell.timeout} at the latest`]),
    ...(cell.confirm ? ['asks before it runs'] : []),
    ...(cell.excluded ? ['is left out by Run All'] : []),
  ];
  return { text: parts.join(' · '), tooltip: tooltip.join(', ') };
}

/** How the cell's last step went; undefined where VS Code's own mark says it all. */
export function resultLabel(step: StepRecord, edited: boolean): StatusLabel | undefined {
  const words = outcome(step);
  const line = step.state === 'failed' ? step.failedLine : undefined;
  const parts = [
    ...(words === '' ? [] : [`${stepMark(step.state)} ${firstLine(words)}`]),
    ...(line === undefined ? [] : [`line ${String(line)}`]),
    ...(edited ? ['edited since'] : []),
  ];
  if (parts.length === 0) return undefined;
  const tooltip = [
    ...(words === '' ? [] : [words]),
    ...(line === undefined ? [] : [`click to go to line ${String(line)}`]),
    ...(edited ? ['the cell was edited since it ran'] : []),
  ].join(' · ');
  return { text: parts.join(' · '), tooltip, ...(line === undefined ? {} : { line }) };
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}
