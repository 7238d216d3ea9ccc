import type { Config } from '../../config/configFile';
import type { Policy } from '../../config/readPolicies';
import type { FiledDiagnostic } from '../../runbook/model';
import { FrontMatterPlaces } from '../../runbook/frontMatterPlaces';
import { secretsNamed } from '../../runbook/secretsTable';
import type { Book } from './book';
import { cellDiagnostic } from './cellDiagnostic';
import type { PlannedRequirement } from '../types';
import { commandsKnown, commandsRun, onOneLine, type DraftStep } from './draft';
import type { PlanIdentity } from './planIdentity';
import { languagesRun } from './runnerOf';

/** What a person's configuration and a repository's rules make of the steps. */
export interface RuledSteps {
  readonly steps: readonly DraftStep[];
  /** What is forbidden, or not as it has to be; as warnings what cannot be told. */
  readonly problems: readonly FiledDiagnostic[];
  readonly requires: readonly PlannedRequirement[];
}

/**
 * Applies the rules to steps: forbids, asks for approvals, shortens time limits. `policiesOf` gives the rules for a
 * runbook. They never allow what was not allowed without them.
 */
export function applyRules(
  steps: readonly DraftStep[],
  { contexts, facts }: Pick<PlanIdentity, 'contexts' | 'facts'>,
  { production, readOnly }: Pick<Config, 'production' | 'readOnly'>,
  policiesOf: (file: string) => readonly Policy[],
): RuledSteps {
  const problems: FiledDiagnostic[] = [];
  const current = facts.find(({ kind }) => kind === 'kube')?.values['context'];
  const policies = policiesOfSteps(steps, policiesOf);
  const ruled = steps.map((step, at) => {
    const own = policies[at] ?? [];
    const rulesProduction = own.flatMap(policy => policy.production);
    const rulesReadOnly = own.flatMap(policy => policy.readOnly);
    const isAsked = [...rulesProduction, ...production, ...rulesReadOnly, ...readOnly].length > 0;
    const acting = isAsked ? contexts(step) : [];
    const fits = (patterns: Config['production']): string | undefined =>
      acting.find(context => patterns.some(pattern => pattern.matches(context)));
    const guarded = fits([...readOnly, ...rulesReadOnly]);
    if (guarded !== undefined && step.options.effect !== 'read')
      problems.push(readOnlyProblem(step, guarded));
    problems.push(
      ...own.flatMap(policy => [
        ...forbidden(step, policy),
        ...inDoubt(step, policy),
        ...unlimited(step, policy),
      ]),
    );
    const where = fits([...rulesProduction, ...production]);
    const said = `${fits(rulesProduction) === undefined ? 'config.yaml' : '.handrail.yaml'}: production`;
    return limited(approved(step, own, where === undefined ? where : { where, said }, current), own);
  });
  const all = [...new Set(policies.flat())];
  for (const book of new Set(steps.map(({ book: own }) => own))) {
    const own = new Set(steps.flatMap((step, at) => (step.book === book ? (policies[at] ?? []) : [])));
    problems.push(...forbiddenDeclarations(book, steps, [...own]));
  }
  return { steps: ruled, problems, requires: all.flatMap(requirementsOf) };
}

/**
 * The rules that each step is held to: those for its own runbook, and those for the runbooks whose cells it is run for.
 * Otherwise a cell that may not stand in a repository could stand beside it.
 */
function policiesOfSteps(
  steps: readonly DraftStep[],
  policiesOf: (file: string) => readonly Policy[],
): (readonly Policy[])[] {
  const files = [...new Set(steps.map(({ book }) => book.file))];
  const byFile = new Map(files.map(file => [file, policiesOf(file)]));
  const held = steps.map(({ book }) => new Map((byFile.get(book.file) ?? []).map(one => [one.file, one])));
  // What needs a step stands after it, and what undoes one after both.
  for (const step of [...steps].reverse()) {
    for (const need of step.needs)
      for (const [file, policy] of held[step.index] ?? []) held[need]?.set(file, policy);
  }
  for (const { index, undoes = index } of steps)
    for (const [file, policy] of held[undoes] ?? []) held[index]?.set(file, policy);
  return held.map(own => [...own.values()]);
}

function readOnlyProblem(step: DraftStep, context: string): FiledDiagnostic {
  const { name } = step.cell;
  const message = `\`${name}\` acts on ${context}, which is read-only, and does not say that it only reads`;
  const hint = 'Give it effect=read if that is so, or choose another context.';
  return problemOf(step, 'read-only', message, hint, 'effect');
}

function forbidden(step: DraftStep, { file, forbid, require }: Policy): FiledDiagnostic[] {
  const { cell, options } = step;
  const texts = commandsRun(step);
  const found: [key: string, what: string][] = [];
  const isForbidden = (language: string): boolean => forbid.languages.some(({ id }) => id === language);
  if (isForbidden(cell.language)) found.push(['language', `is a ${cell.tag} cell`]);
  const run = languagesRun(step).find(isForbidden);
  if (run !== undefined) found.push(['interpreter', `is run by ${run}`]);
  const command = forbid.commands.find(pattern => texts.some(text => pattern.tell(text) === 'runs'));
  if (command) found.push(['command', `runs ${command.written}`]);
  if (forbid.effects.includes(options.effect)) found.push(['effect', `has effect=${options.effect}`]);
  if (forbid.targets.some(pattern => pattern.matches(options.target)))
    found.push(['target', `has target=${options.target}`]);
  const problems = found.map(([key, what]) =>
    problemOf(step, `forbidden-${key}`, `\`${cell.name}\` ${what}, which ${file} forbids`, decider, key),
  );
  if (require.target === undefined || require.target.some(pattern => pattern.matches(options.target)))
    return problems;
  const wanted = require.target.map(({ written }) => written).join(' or ');
  const message = `\`${cell.name}\` has target=${options.target}, and ${file} requires ${wanted}`;
  return [...problems, problemOf(step, 'required-target', message, decider, 'target')];
}

/** What only the shell will know is no reason to refuse a step, and a rule that may be passed is not kept quiet about. */
function inDoubt(step: DraftStep, { file, forbid }: Policy): FiledDiagnostic[] {
  const texts = commandsKnown(step);
  const pattern = forbid.commands.find(one => texts.some(text => one.tell(text) === 'may run'));
  if (pattern === undefined) return [];
  const { name } = step.cell;
  const message = `Cannot tell whether \`${name}\` runs ${pattern.written}, which ${file} forbids: a variable or $(…) decides it`;
  const hint = 'Write the command out, or give the value as an input.';
  return [{ ...problemOf(step, 'rule-in-doubt', message, hint, 'command'), severity: 'warning' }];
}

/** Nobody would end a detached cell. */
function unlimited(step: DraftStep, { file, require }: Policy): FiledDiagnostic[] {
  if (require.timeout === undefined || step.options.background !== 'detach') return [];
  const limit = `${require.timeout / 1000} s`;
  const message = `\`${step.cell.name}\` outlives its run, and ${file} requires every step to end within ${limit}`;
  return [problemOf(step, 'required-timeout', message, decider, 'background')];
}

/** What front matter has run is as forbidden as what cells run: probes, and secrets that a command gives. */
function forbiddenDeclarations(
  book: Book,
  steps: readonly DraftStep[],
  policies: readonly Policy[],
): FiledDiagnostic[] {
  const own = steps.filter(step => step.book === book);
  const used = new Set(
    own.flatMap(({ cell, options }) =>
      secretsNamed(
        cell,
        options,
        book.secrets.map(({ name }) => name),
      ),
    ),
  );
  const commands = [
    ...book.requires.flatMap(one =>
      one.kind === 'probe' ? [['requires', one.name, one.command] as const] : [],
    ),
    ...book.secrets.flatMap(({ name, provider, place }) =>
      provider === 'cmd' && used.has(name) ? [['secrets', name, place] as const] : [],
    ),
  ];
  const places = new FrontMatterPlaces(book.runbook.source);
  const problems = commands.flatMap(([key, name, command]) =>
    policies.flatMap(({ file, forbid }) => {
      const pattern = forbid.commands.find(one => one.tell(onOneLine(command)) === 'runs');
      if (pattern === undefined) return [];
      const message = `\`${name}\` runs ${pattern.written}, which ${file} forbids`;
      return [places.error([key, name], { code: 'forbidden-command', message, hint: decider })];
    }),
  );
  return book.filed(problems);
}

const decider = 'Whoever keeps that file decides about it.';

/** Has the step ask where a rule says so. */
function approved(
  step: DraftStep,
  policies: readonly Policy[],
  production: { where: string; said: string } | undefined,
  current: string | undefined,
): DraftStep {
  const { effect, confirm } = step.options;
  const said = { texts: commandsRun(step), known: commandsKnown(step) };
  const facts = { effect, production: production !== undefined, ...said };
  const rule = policies.flatMap(({ require }) => require.approval).find(one => one.applies(facts));
  const askedBy =
    rule === undefined ? effect !== 'read' && production?.said : `.handrail.yaml: ${rule.written}`;
  if (askedBy === undefined || askedBy === false) return step;
  const asked = typeof confirm === 'string' ? confirm : `Run ${step.cell.name}?`;
  // The context that is current is named with every question.
  const where = production?.where;
  const isSaid = where === undefined || where === current || asked.includes(where);
  const question = isSaid ? asked : `${asked.replace(/\?\s*$/, '')} in ${where}?`;
  const typed = where === undefined || effect === 'read' ? {} : { typed: where };
  return { ...step, askedBy, ...typed, options: { ...step.options, confirm: question } };
}

/** A step that goes on in the background ends with the run. */
function limited(step: DraftStep, policies: readonly Policy[]): DraftStep {
  const limits = policies.flatMap(({ require }) => require.timeout ?? []);
  if (limits.length === 0 || step.options.background !== false) return step;
  const limit = Math.min(...limits);
  const timeout = Math.min(step.options.timeout ?? Infinity, limit);
  return { ...step, limit, options: { ...step.options, timeout } };
}

function requirementsOf({ file, require, placeOf }: Policy): PlannedRequirement[] {
  return Object.entries(require.requires).map(([name, value]) => {
    const { line, column, written } = placeOf(['require', 'requires', name]);
    const version = typeof value === 'string' ? value : (written ?? String(value));
    return { kind: 'tool', name, version, file, line, column };
  });
}

function problemOf(
  step: DraftStep,
  code: string,
  message: string,
  hint: string,
  key: string,
): FiledDiagnostic {
  const { runbook, file } = step.book;
  return { ...cellDiagnostic(runbook, step.cell, code, message, { key, hint }), file };
}
