import { relative } from 'node:path';
import { fileOf } from '../protocol/fileOf';
import type { RunRecord, StepRecord } from '../protocol/runs';
import { sayReason } from '../protocol/words';
import type { Report } from './report';

/**
 * Workflow commands that GitHub turns into annotations: one for each step that did not pass, at its line in the file
 * (https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions). The job summary is the Markdown report.
 */
export function githubReport({ run, outputs }: Report, workspace = process.env['GITHUB_WORKSPACE']): string {
  const lines = run.steps.flatMap(step =>
    annotation(run, step, outputs.get(step.index)?.text ?? '', workspace),
  );
  const ofRun =
    run.state === 'failed' && lines.length === 0
      ? [command('error', {}, run.message ?? 'the run failed')]
      : [];
  return [...lines, ...ofRun].map(line => `${line}\n`).join('');
}

function annotation(
  run: RunRecord,
  step: StepRecord,
  printed: string,
  workspace: string | undefined,
): string[] {
  if (step.state !== 'failed' && step.state !== 'interrupted' && step.state !== 'cancelled') return [];
  const file = fileOf(run, step);
  const place = {
    file: workspace === undefined || workspace === '' ? file : relative(workspace, file),
    line: String(step.failedLine ?? step.line),
    title: `${run.title}: ${step.name} ${step.state}`,
  };
  const last = printed.trimEnd().split('\n').slice(-10).join('\n');
  const message = [sayReason(step), step.message ?? '', last].filter(text => text !== '').join('\n');
  return [command('error', place, message)];
}

function command(kind: string, properties: Readonly<Record<string, string>>, message: string): string {
  const written = Object.entries(properties).map(([name, value]) => `${name}=${property(value)}`);
  const head = written.length === 0 ? kind : `${kind} ${written.join(',')}`;
  return `::${head}::${data(message)}`;
}

/** Escaped as the runner unescapes it: a command is one line, and nothing in it can begin another one. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
