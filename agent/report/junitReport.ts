import { fileOf } from '../protocol/fileOf';
import type { StepRecord } from '../protocol/runs';
import { sayReason } from '../protocol/words';
import { outcome, took } from './facts';
import type { Report } from './report';
import { escapeXml } from './xml';

/** JUnit's XML as CI systems read it (https://github.com/testmoapp/junitxml): a suite for the run, a case for each step. */
export function junitReport(report: Report): string {
  const { run } = report;
  const failures = run.steps.filter(({ state }) => state === 'failed').length;
  const errors = run.steps.filter(({ state }) => state === 'cancelled' || state === 'interrupted').length;
  const skipped = run.steps.filter(isSkipped).length;
  const counts = attributes({ tests: run.steps.length, failures, errors, skipped });
  const time = seconds((run.endedAt ?? run.startedAt) - run.startedAt);
  const timestamp = new Date(run.startedAt).toISOString().replace(/\.\d+Z$/, '');
  const suite = attributes({ name: run.title, time, timestamp, hostname: run.host, file: run.file });
  const cases = run.steps.map(step => testCase(report, step)).join('');
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<testsuites${attributes({ name: run.title, time })}${counts}>\n` +
    `  <testsuite${suite}${counts}>\n${cases}  </testsuite>\n</testsuites>\n`
  );
}

function testCase({ run, outputs }: Report, step: StepRecord): string {
  const classname = [run.title, ...step.section].join(' › ');
  const head = attributes({
    name: step.name,
    classname,
    time: seconds(took(step)),
    file: fileOf(run, step),
    line: step.failedLine ?? step.line,
  });
  const output = outputs.get(step.index);
  const parts = [
    ...verdict(step, output?.text ?? '', outcome(run)),
    ...(output === undefined ? [] : [`<system-out>${escapeXml(output.text)}</system-out>`]),
  ];
  if (parts.length === 0) return `    <testcase${head}/>\n`;
  return `    <testcase${head}>\n${parts.map(part => `      ${part}\n`).join('')}    </testcase>\n`;
}

function verdict(step: StepRecord, printed: string, ofRun: string): string[] {
  const message = [sayReason(step), step.message]
    .filter(text => text !== undefined && text !== '')
    .join(': ');
  if (isSkipped(step)) return [`<skipped${attributes({ message: message === '' ? ofRun : message })}/>`];
  const kind = { failed: 'failure', cancelled: 'error', interrupted: 'error' }[step.state as string];
  if (kind === undefined) return [];
  const end = printed.split('\n').slice(-20).join('\n');
  return [`<${kind}${attributes({ message, type: step.reason ?? step.state })}>${escapeXml(end)}</${kind}>`];
}

function isSkipped({ state }: StepRecord): boolean {
  return state === 'skipped' || state === 'not-run' || state === 'pending';
}

function seconds(ms: number): string {
  return (Math.max(0, ms) / 1000).toFixed(3);
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  const written = Object.entries(values).map(([name, value]) => ` ${name}="${attribute(String(value))}"`);
  return written.join('');
}

/** Line ends in attributes would be read as blanks. */
function attribute(text: string): string {
  return escapeXml(text).replace(/\n/g, '&#10;').replace(/\r/g, '&#13;').replace(/\t/g, '&#9;');
}
