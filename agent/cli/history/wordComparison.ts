import type * as z from 'zod';
import type { RunComparison } from '../../protocol/history';
import type { RunSummary } from '../../protocol/runs';
import { sayMoment } from '../../protocol/words';
import { durationText } from '../../runbook/duration';
import type { Paint } from '../terminal/paint';
import { plain, sayRunbook } from '../terminal/words';
import { areAlike } from '../../history/compareRuns';

type Comparison = z.infer<typeof RunComparison>;
type Compared = Comparison['steps'][number];

/** How two runs differ, for a person: what they began with, then each step that did something else. */
export function wordComparison(comparison: Comparison, paint: Paint, now: number): string {
  const { left, right, facts, steps } = comparison;
  const lines = [`- ${wordRun(left, paint, now)}`, `+ ${wordRun(right, paint, now)}`, ''];
  for (const { name, left: before = 'none', right: after = 'none' } of facts)
    lines.push(`${plain(name)}: ${plain(before)} → ${plain(after)}`);
  if (facts.length > 0) lines.push('');
  for (const step of steps) lines.push(...wordStep(step, paint));
  if (areAlike(comparison)) lines.push('No step differs in more than its time.');
  return `${lines.join('\n')}\n`;
}

function wordRun(run: RunSummary, { dot }: Paint, now: number): string {
  return [run.id, sayRunbook(run.file), run.state, sayMoment(run.startedAt, now)].join(dot);
}

function wordStep({ name, left, right, changed, text, output }: Compared, paint: Paint): string[] {
  if (changed.length === 0) return [];
  const what = [
    ...(changed.includes('added') ? [`only in the later one: ${wordEnd(right)}`] : []),
    ...(changed.includes('removed') ? [`only in the earlier one: ${wordEnd(left)}`] : []),
    ...(changed.includes('state') ? [`${wordEnd(left)} → ${wordEnd(right)}`] : []),
    ...(changed.includes('time') ? [`${wordTime(left)} → ${wordTime(right)}`] : []),
  ];
  const head = [paint.color('bold', plain(name)), ...what].join('  ');
  return [head, ...wordDiff('its text', text, paint), ...wordDiff('its output', output, paint)];
}

function wordEnd(step: Compared['left']): string {
  if (step === undefined) return 'none';
  return step.state === 'failed' && step.exit !== undefined ? `exit ${step.exit}` : step.state;
}

function wordTime(step: Compared['left']): string {
  return durationText(step?.ms ?? 0);
}

function wordDiff(what: string, diff: string | undefined, paint: Paint): string[] {
  if (diff === undefined) return [];
  // The names of both sides stand above all.
  const lines = diff
    .trimEnd()
    .split('\n')
    .filter(line => !/^(---|\+\+\+) /.test(line));
  return [`  ${what}`, ...lines.map(line => `    ${wordLine(line, paint)}`), ''];
}

function wordLine(line: string, paint: Paint): string {
  const text = line.replace(/\p{Cc}/gu, sign => (sign === '\t' ? sign : ''));
  if (line.startsWith('-')) return paint.color('red', text);
  return line.startsWith('+') ? paint.color('green', text) : text;
}
