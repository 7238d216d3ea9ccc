import type * as z from 'zod';
import type { RunComparison } from '../../agent/protocol/history';
import type { RunSummary } from '../../agent/protocol/runs';
import { sayTime } from '../../agent/protocol/words';
import { durationText } from '../../agent/runbook/duration';
import { runbookName } from '../../agent/runbook/runbookName';
import { codeBlock, escapeMarkdown as text } from './markdownText';

type Comparison = z.infer<typeof RunComparison>;
type Compared = Comparison['steps'][number];

/** How two runs differ, as a Markdown page. */
export function comparisonPage({ left, right, facts, steps }: Comparison): string {
  const differing = steps.filter(({ changed }) => changed.length > 0);
  const parts = [
    `# ${text(runbookName(left.file))}: two runs compared`,
    table(
      ['', 'earlier', 'later'],
      [
        ['when', sayTime(left.startedAt), sayTime(right.startedAt)],
        ['result', stateWords(left), stateWords(right)],
        ['run', left.id, right.id],
        ...facts.map(({ name, left: before, right: after }) => [name, before ?? '', after ?? '']),
      ],
    ),
    '## Steps',
    ...(steps.length === 0 ? [] : [table(['step', 'earlier', 'later', 'differs in'], steps.map(row))]),
    ...(differing.length === 0 ? ['No step differs in more than its time.'] : differing.flatMap(differences)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function stateWords({ state, step, startedAt, endedAt }: RunSummary): string {
  const at = state === 'passed' || step === undefined ? state : `${state} at ${step}`;
  return endedAt === undefined ? at : `${at}, ${durationText(endedAt - startedAt)}`;
}

function row({ name, left, right, changed }: Compared): string[] {
  return [name, endWords(left), endWords(right), changed.join(', ')];
}

function endWords(step: Compared['left']): string {
  if (step === undefined) return 'none';
  const end = step.state === 'failed' && step.exit !== undefined ? `exit ${String(step.exit)}` : step.state;
  return step.ms === undefined ? end : `${end}, ${durationText(step.ms)}`;
}

function differences({ name, text: command, output, left, right }: Compared): string[] {
  if (command === undefined && output === undefined) return [];
  const message = right?.message ?? left?.message;
  return [
    `### ${text(name)}`,
    ...(message === undefined ? [] : [text(message)]),
    ...(command === undefined ? [] : ['Its text:', codeBlock(withoutNames(command), 'diff')]),
    ...(output === undefined ? [] : ['Its output:', codeBlock(withoutNames(output), 'diff')]),
  ];
}

/** What both sides are called stands above all. */
function withoutNames(diff: string): string {
  return diff.replace(/^--- .*\n\+\+\+ .*\n/, '');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(text).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}
