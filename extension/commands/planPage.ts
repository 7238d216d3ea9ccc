import { fileOf } from '../../agent/protocol/fileOf';
import { lesserRemarks } from '../../agent/protocol/lesserRemarks';
import type { PlannedStepView, PlanView } from '../../agent/protocol/plan';
import { durationText } from '../../agent/runbook/duration';
import { runbookName } from '../../agent/runbook/runbookName';
import { identityWords } from '../notebook/approvalWords';
import { codeBlock, escapeMarkdown as text, type LineLink } from './markdownText';

/** A plan as a Markdown page: all that a run would do, and nothing of it as markup. */
export function planPage(plan: PlanView, link: LineLink): string {
  const steps = plan.steps.filter(({ role }) => role === 'step');
  const title = plan.title === '' ? runbookName(plan.file) : plan.title;
  const parts = [
    `# Plan: ${text(title)}`,
    `${count(steps.length, 'step')} of ${link(plan.file, plan.file, 1)}. Nothing was run.`,
    ...list(
      'As whom and where',
      plan.identity.map(fact => text(identityWords(fact))),
    ),
    ...list('Inputs', plan.inputs.map(inputWords)),
    ...list('Requires', plan.requires.map(requirementWords)),
    ...list('Run first', plan.prerequisites.map(prerequisiteWords(plan.file, link))),
    ...list('Doubtful', plan.warnings.map(warningWords(link))),
    '## Steps',
    ...steps.flatMap(step => stepParts(step, plan, link)),
    ...list('Left out', plan.leftOut.map(leftOutWords(plan.file, link))),
  ];
  return `${parts.join('\n\n')}\n`;
}

function list(heading: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`## ${heading}`, items.map(item => `- ${item}`).join('\n')];
}

function inputWords({
  name,
  value,
  default: preset,
  last,
  description,
  wrong,
}: PlanView['inputs'][number]): string {
  const offered = last === undefined ? '' : `, last time ${text(last)}`;
  const given = value ?? preset;
  const said = given === undefined ? `asked for${offered}` : text(given);
  const about = description === undefined ? '' : ` · ${text(description)}`;
  return `**${text(name)}**: ${said}${about}${wrong === undefined ? '' : ` · ${text(wrong)}`}`;
}

function requirementWords({ name, wanted, found, problem }: PlanView['requires'][number]): string {
  const state = problem ?? (found === undefined ? '' : `found ${found}`);
  return `${problem === undefined ? '' : '✗ '}**${text(name)}** ${text(wanted)}${state === '' ? '' : ` · ${text(state)}`}`;
}

function prerequisiteWords(file: string, link: LineLink) {
  return ({ text: label, line, last, file: target }: PlanView['prerequisites'][number]): string =>
    `${link(label, target, 1)} · ${last === undefined ? 'has not been run' : `last run ${text(last)}`} · named in ${link(`line ${String(line)}`, file, line)}`;
}

function warningWords(link: LineLink) {
  return ({ file, line, column, message, hint }: PlanView['warnings'][number]): string => {
    const place = link(`line ${String(line)}:${String(column)}`, file, line);
    return `${place}: ${text(message)}${hint === undefined ? '' : `. ${text(hint)}`}`;
  };
}

function leftOutWords(file: string, link: LineLink) {
  return ({ name, line, why }: PlanView['leftOut'][number]): string =>
    `**${text(name)}** · ${link(`line ${String(line)}`, file, line)} · ${text(why)}`;
}

function stepParts(step: PlannedStepView, plan: PlanView, link: LineLink): string[] {
  const file = fileOf(plan, step);
  const undone = plan.steps.filter(({ role, undoes }) => role === 'rollback' && undoes === step.index);
  const head = [
    link(`line ${String(step.line)}`, file, step.line),
    ...(step.file === undefined ? [] : [`of ${text(runbookName(step.file))}`]),
    text(step.language),
    text(step.target),
    ...(step.effect === 'change' ? [] : [step.effect === 'read' ? 'only reads' : '**destroys**']),
    ...(step.pulledIn ? ['needed by another'] : []),
  ];
  const remarks = remarksOf(step, plan);
  return [
    `### ${String(step.index + 1)}. ${text(step.name)}`,
    head.join(' · '),
    ...(remarks.length === 0 ? [] : [remarks.map(remark => `- ${remark}`).join('\n')]),
    codeBlock(step.text, step.language),
    ...undone.flatMap(({ name, text: command, language }) => [
      `Undone by **${text(name)}** if a later step fails:`,
      codeBlock(command, language),
    ]),
  ];
}

function remarksOf(step: PlannedStepView, plan: PlanView): string[] {
  const {
    needs,
    when,
    unless,
    verify,
    confirm,
    timeout,
    retries,
    onError,
    lock,
    parallel,
    background,
    output,
  } = step;
  const after = needs.flatMap(index => plan.steps.find(other => other.index === index)?.name ?? []);
  const besides = plan.steps
    .filter(other => parallel !== undefined && other.parallel === parallel && other.role === step.role)
    .flatMap(({ index, name }) => (index === step.index ? [] : name));
  const known: (readonly [string, string | undefined])[] = [
    ['not run again:', step.carried],
    ['cannot run:', step.fault],
    ['asks', confirm],
    ['after', after.length === 0 ? undefined : after.join(', ')],
    ['only when this passes:', when],
    ['not when this passes:', unless],
    ['checked afterwards by', verify],
    ['ends after', timeout === undefined ? undefined : durationText(timeout)],
    ['tried again', retries === 0 ? undefined : retries === 1 ? 'once' : `${String(retries)} times`],
    ['if it fails:', onError === 'stop' ? undefined : onError],
    ['one at a time:', lock],
    ['at the same time as', besides.length === 0 ? undefined : besides.join(', ')],
    [
      'runs in the background',
      background === undefined
        ? undefined
        : background === 'detach'
          ? 'and outlives the run'
          : 'until the run ends',
    ],
    ['sets', output],
    ['ready once this passes:', step.ready],
    ['gets the secrets', step.secrets.length === 0 ? undefined : step.secrets.join(', ')],
  ];
  return [...known, ...lesserRemarks(step)].flatMap(([label, value]) =>
    value === undefined ? [] : [`${label} ${text(value)}`.trimEnd()],
  );
}

function count(number: number, what: string): string {
  return `${String(number)} ${what}${number === 1 ? '' : 's'}`;
}
