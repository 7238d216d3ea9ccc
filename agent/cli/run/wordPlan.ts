import { fileOf } from '../../protocol/fileOf';
import { lesserRemarks } from '../../protocol/lesserRemarks';
import type { PlanView } from '../../protocol/plan';
import { durationText } from '../../runbook/duration';
import { wordDiagnostics } from '../present/wordDiagnostics';
import type { Paint } from '../terminal/paint';
import { plain, sayCount, sayPath, sayRunbook } from '../terminal/words';

type Step = PlanView['steps'][number];

/** A plan for a person: who acts where, what is asked, what is looked at, the steps, what is left out. */
export function wordPlan(plan: PlanView, paint: Paint, cwd: string): string {
  const place = (file: string, line: number): string => `${plain(sayPath(file, cwd))}:${line}`;
  const steps = plan.steps.filter(({ role }) => role === 'step');
  const undoing = plan.steps.filter(({ role }) => role === 'rollback').reverse();
  const carried = steps.filter(step => step.carried !== undefined).length;
  const isUndone = plan.steps.some(({ onError }) => onError === 'rollback');
  const undone = isUndone
    ? 'when a step fails with on-error=rollback, or with --rollback'
    : 'when a step fails, with --rollback';
  const parts: (readonly [title: string, lines: readonly string[]])[] = [
    ['', [header(plan, paint)]],
    [
      'run before',
      plan.prerequisites.map(one => `  ${plain(sayPath(one.file, cwd))}  ${wordLast(one.last)}`),
    ],
    ['inputs', plan.inputs.map(input => `  ${wordInput(input)}`)],
    ['requires', plan.requires.map(requirement => `  ${wordRequirement(requirement, paint)}`)],
    ['', steps.flatMap(step => wordStep(step, plan, paint, place))],
    [undone, undoing.flatMap(step => wordStep(step, plan, paint, place))],
    [
      'left out',
      plan.leftOut.map(({ name, line, why }) => `  ${plain(name)}  ${why}   ${place(plan.file, line)}`),
    ],
    ['', wordDiagnostics(plan.warnings, plan.file, cwd)],
    [
      '',
      [
        `${sayCount(steps.length - carried, 'step')}${carried === 0 ? '' : ` of ${steps.length}`}; nothing was run${unmet(plan)}`,
      ],
    ],
  ];
  const shown = parts.filter(([, lines]) => lines.length > 0);
  return `${shown.map(([title, lines]) => [...(title === '' ? [] : [title]), ...lines].join('\n')).join('\n\n')}\n`;
}

function unmet({ requires }: PlanView): string {
  const count = requires.filter(({ problem }) => problem !== undefined).length;
  return count === 0 ? '' : `. It would not start: ${sayCount(count, 'requirement')} not met`;
}

/** `restart-api · 6 steps · local · prod-eu as ana (kubectl 1.31)` */
function header({ file, steps, identity, requires }: PlanView, paint: Paint): string {
  const asked = steps.filter(({ role }) => role === 'step');
  const targets = [...new Set(asked.map(({ target }) => target))];
  const tools: Readonly<Record<string, readonly string[]>> = {
    kube: ['kubectl', 'helm'],
    aws: ['aws'],
    gcloud: ['gcloud'],
    azure: ['az'],
    tofu: ['tofu', 'terraform'],
    docker: ['docker'],
  };
  const who = identity.map(({ kind, label }) => {
    const tool = requires.find(({ name, found }) => tools[kind]?.includes(name) && /^\d/.test(found ?? ''));
    const version = tool === undefined ? '' : ` (${tool.name} ${tool.found ?? ''})`;
    return `${/^kube(:|$)/.test(kind) ? '' : `${kind} `}${plain(label)}${version}`;
  });
  const parts = [
    paint.color('bold', sayRunbook(file)),
    sayCount(asked.length, 'step'),
    ...targets.map(plain),
    ...who,
  ];
  return parts.join(paint.dot);
}

function wordStep(
  step: Step,
  plan: PlanView,
  paint: Paint,
  place: (file: string, line: number) => string,
): string[] {
  const head = [
    // What may never run has no place among the steps.
    `${step.role === 'rollback' ? '-' : step.index + 1}  ${paint.color('bold', plain(step.name))}`,
    step.language,
    ...(step.target === 'local' ? [] : [`on ${plain(step.target)}`]),
    ...remarks(step, plan),
  ];
  const lines = step.text.trimEnd().split('\n');
  return [
    `${head.join(paint.dot)}   ${place(fileOf(plan, step), step.line)}`,
    ...lines.map(line => `     ${plainLine(line)}`),
  ];
}

function remarks(step: Step, plan: PlanView): string[] {
  const { needs, undoes, effect, timeout, retries, onError, background, secrets } = step;
  const said: readonly (readonly [what: string, value: string | undefined])[] = [
    ['not run again:', step.carried],
    ['cannot run:', step.fault],
    ['after', needs.length === 0 ? undefined : needs.map(index => index + 1).join(', ')],
    [
      'undoes',
      undoes === undefined ? undefined : `${undoes + 1} ${plan.steps[undoes]?.name ?? ''}`.trimEnd(),
    ],
    ['when', step.when],
    ['unless', step.unless],
    ['verify', step.verify],
    ['ready', step.ready],
    ['asks', step.confirm],
    ['effect', effect === 'change' ? undefined : effect],
    ['at most', timeout === undefined ? undefined : durationText(timeout)],
    ['retries', retries === 0 ? undefined : String(retries)],
    ['on error', onError === 'stop' ? undefined : onError],
    ['lock', step.lock],
    ['together with', step.parallel],
    ['background', background === undefined ? undefined : background === 'detach' ? 'outlives the run' : ''],
    ['sets', step.output],
    ['secrets', secrets.length === 0 ? undefined : secrets.join(', ')],
  ];
  return [...said, ...lesserRemarks(step)].flatMap(([what, value]) =>
    value === undefined ? [] : [plain(`${what} ${value}`.trimEnd())],
  );
}

function wordInput(input: PlanView['inputs'][number]): string {
  const name = plain(input.name);
  if (input.value === undefined) {
    const isAsked = input.default === undefined;
    return isAsked ? `${name}  (asked for: --input ${name}=VALUE)` : name;
  }
  return `${name}  ${plain(input.value)}${input.wrong === undefined ? '' : `  ${plain(input.wrong)}`}`;
}

function wordRequirement(
  { name, wanted, found, problem }: PlanView['requires'][number],
  paint: Paint,
): string {
  if (problem !== undefined) return `${paint.color('red', paint.marks.failed)} ${plain(problem)}`;
  if (found === undefined) return `- ${plain(`${name} ${wanted}`)}  looked at when it runs`;
  return `${paint.color('green', paint.marks.passed)} ${plain(`${name} ${wanted === '*' ? '' : wanted}`)}  ${plain(found)}`;
}

function wordLast(last: string | undefined): string {
  return last === undefined ? 'not run yet' : `last run: ${last}`;
}

/** Keeps the indentation, which means something in a command. */
function plainLine(line: string): string {
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  return indent + plain(line);
}
