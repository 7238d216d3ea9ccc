import type { StepRecord } from '../protocol/runs';
import { outcome, placeOf, runFacts, stepOutcome, stepRemarks, tally } from './facts';
import type { Report } from './report';

/** A report to be read, sent or committed: GitHub's flavour of Markdown. */
export function markdownReport(report: Report): string {
  const { run } = report;
  const facts = runFacts(run).map(([name, value]) => `| ${cell(name)} | ${cell(value)} |`);
  const rows = run.steps.map(
    step =>
      `| ${step.index + 1} | ${mark(step)} ${cell(step.name)} | ${cell(stepOutcome(step))} | ${cell(placeOf(run, step))} |`,
  );
  const parts = [
    `# ${inline(run.title)}: ${inline(outcome(run))}`,
    ['| | |', '| --- | --- |', ...facts].join('\n'),
    `## Steps\n\n${tally(run)}`,
    ['| | step | outcome | where |', '| ---: | --- | --- | --- |', ...rows].join('\n'),
    ...run.steps.map(step => stepPart(report, step)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function stepPart({ run, outputs }: Report, step: StepRecord): string {
  const output = outputs.get(step.index);
  const variables = Object.entries(step.outputs ?? {}).map(
    ([name, value]) => `- \`${name}\` = ${code(value)}`,
  );
  const parts = [
    `### ${step.index + 1}. ${inline(step.name)}`,
    `${mark(step)} ${inline(stepOutcome(step))}`,
    ...stepRemarks(run, step).map(inline),
    // A report is read, not run.
    fenced(step.text, `${step.language} {ignore}`),
    ...(variables.length === 0 ? [] : [variables.join('\n')]),
    ...(output?.cut === true ? ['The end of its output:'] : []),
    ...(output === undefined ? [] : [fenced(output.text, 'text')]),
  ];
  return parts.join('\n\n');
}

function mark({ state }: StepRecord): string {
  if (state === 'passed') return '✓';
  return state === 'skipped' || state === 'not-run' || state === 'pending' ? '○' : '✗';
}

/** A fence longer than any within. */
function fenced(text: string, language: string): string {
  const longest = Math.max(
    2,
    ...[...text.matchAll(/^ {0,3}(`{3,})/gm)].map(([, ticks = '']) => ticks.length),
  );
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}

function code(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** Text that neither a Markdown reader takes for markup nor a terminal for a command. */
function inline(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').replace(/[\\`*_{}[\]<>#|~&!]/g, '\\$&');
}

function cell(text: string): string {
  return inline(text);
}
