import { planRun } from '../../engine/planRun';
import type { Plan, PlannedStep, RunRequest } from '../../engine/types';
import type { Call } from '../call';
import { exitCodes } from '../exitCodes';
import { wordDiagnostics } from '../present/wordDiagnostics';
import { plain, sayCount, sayPath } from '../terminal/words';

/** Prints the plan that a run would follow, and runs nothing. */
export async function dryRun(call: Call, request: RunRequest): Promise<number> {
  // Nothing is run, so there is nothing to approve; the plan tells what will be asked.
  const plan = planRun(request, { onlyShown: true });
  await call.terminal.stdout.write(
    call.options.flag('jsonl') ? `${JSON.stringify(asJson(plan))}\n` : asText(plan, call),
  );
  return exitCodes.passed;
}

function asText(plan: Plan, { cwd, terminal }: Call): string {
  const { paint } = terminal.stdout;
  const place = plain(sayPath(plan.file, cwd));
  const steps = plan.steps.map((step, at) => {
    const head = [
      `${at + 1}  ${paint.color('bold', plain(step.cell.name))}`,
      step.cell.language,
      ...remarks(step),
    ];
    const lines = step.cell.text.trimEnd().split('\n');
    return [
      `${head.join(paint.dot)}   ${place}:${step.cell.line}`,
      ...lines.map(line => `     ${plainLine(line)}`),
    ].join('\n');
  });
  const warnings = wordDiagnostics(plan.warnings, plan.file, cwd);
  return [...steps, ...warnings, `${sayCount(plan.steps.length, 'step')}; nothing was run`, ''].join('\n');
}

function remarks({ options, needs }: PlannedStep): string[] {
  return [
    ...(needs.length === 0 ? [] : [`after ${needs.map(index => index + 1).join(', ')}`]),
    ...(options.when === undefined ? [] : [`when ${plain(options.when)}`]),
    ...(options.unless === undefined ? [] : [`unless ${plain(options.unless)}`]),
    ...(options.confirm === undefined ? [] : ['asks for approval']),
  ];
}

/** Keeps the indentation, which means something in a command. */
function plainLine(line: string): string {
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  return indent + plain(line);
}

function asJson(plan: Plan): object {
  return {
    type: 'run.planned',
    v: 1,
    seq: 1,
    time: new Date().toISOString(),
    run: null,
    file: plan.file,
    plan: plan.steps.map(({ index, cell, needs, options }) => ({
      step: index,
      name: cell.name,
      language: cell.language,
      line: cell.line,
      section: cell.section,
      text: cell.text,
      needs,
      confirm: options.confirm ?? null,
    })),
  };
}
