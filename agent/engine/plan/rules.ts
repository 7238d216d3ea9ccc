import type { Config } from '../../config/configFile';
import type { Policy } from '../../config/readPolicies';
import type { FiledDiagnostic } from '../../runbook/model';
import { FrontMatterPlaces } from '../../runbook/frontMatterPlaces';
import { secretsNamed } from '../../runbook/secretsTable';
import type { Book } from './book';
import { cellDiagnostic } from './cellDiagnostic';
import type { PlannedRequirement } from '../types';
import { commandsOf, onOneLine, type DraftStep } from './draft';
import type { PlanIdentity } from './planIdentity';
import { languagesRun } from './runnerOf';

/** What a person's configuration and a repository's rules make of the steps. */
export interface RuledSteps {
  readonly steps: readonly DraftStep[];
  /** What is forbidden, or not as it has to be. */
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
  const policies = new Map(
    [...new Set(steps.map(({ book }) => book.file))].map(file => [file, policiesOf(file)]),
  );
  const ruled = steps.map(step => {
    const own = policies.get(step.book.file) ?? [];
    const acting = contexts(step);
    const fits = (patterns: Config['production']): string | undefined =>
      acting.find(context => patterns.some(pattern => pattern.matches(context)));
    const here = own.flatMap(policy => policy.production);
    const guarded = fits([...readOnly, ...own.flatMap(policy => policy.readOnly)]);
    if (guarded !== undefined && step.options.effect !== 'read')
      problems.push(readOnlyProblem(step, guarded));
    problems.push(...own.flatMap(policy => forbidden(step, policy)));
    const where = fits([...here, ...production]);
    const said = `${fits(here) === undefined ? 'config.yaml' : '.handrail.yaml'}: production`;
    return limited(approved(step, own, where === undefined ? where : { where, said }, current), own);
  });
  const declared = [...new Set([...policies.values()].flat())];
  for (const book of new Set(steps.map(({ book: own }) => own)))
    problems.push(...forbiddenDeclarations(book, steps, policies.get(book.file) ?? []));
  return { steps: ruled, problems, requires: declared.flatMap(requirementsOf) };
}

function readOnlyProblem(step: DraftStep, context: string): FiledDiagnostic {
  const { name } = step.cell;
  const message = `\`${name}\` acts on ${context}, which is read-only, and does not say that it only reads`;
  const hint = 'Give it effect=read if that is so, or choose another context.';
  return problemOf(step, 'read-only', message, hint, 'effect');
}

function forbidden(step: DraftStep, { file, forbid, require }: Policy): FiledDiagnostic[] {
  const { cell, options } = step;
  const texts = commandsOf(step);
  const found: [key: string, what: string][] = [];
  if (forbid.languages.some(language => language === cell.language || language === cell.tag))
    found.push(['language', `is a ${cell.tag} cell`]);
  const run = languagesRun(step).find(language => forbid.languages.includes(language));
  if (run !== undefined) found.push(['interpreter', `is run by ${run}`]);
  const command = forbid.commands.find(pattern => texts.some(text => pattern.matches(text)));
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
      const pattern = forbid.commands.find(one => one.matches(onOneLine(command)));
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
  const facts = { effect, production: production !== undefined, texts: commandsOf(step) };
  const rule = policies.flatMap(({ require }) => require.approval).find(one => one.applies(facts));
  const askedBy =
    rule === undefined ? effect !== 'read' && production?.said : `.handrail.yaml: ${rule.written}`;
  if (askedBy === undefined || askedBy === false) return step;
  const asked = typeof confirm === 'string' ? confirm : `Run ${step.cell.name}?`;
  // The context that is current is named with every question.
  const where = production?.where;
  const isSaid = where === undefined || where === current || asked.includes(where);
  const question = isSaid ? asked : `${asked.replace(/\?\s*$/, '')} in ${where}?`;
  return { ...step, askedBy, options: { ...step.options, confirm: question } };
}

/** A step that goes on in the background ends with the run. */
function limited(step: DraftStep, policies: readonly Policy[]): DraftStep {
  const limits = policies.flatMap(({ require }) => require.timeout ?? []);
  if (limits.length === 0 || step.options.background !== false) return step;
  const timeout = Math.min(step.options.timeout ?? Infinity, ...limits);
  return { ...step, options: { ...step.options, timeout } };
}

function requirementsOf({ file, require }: Policy): PlannedRequirement[] {
  return Object.entries(require.requires).map(([name, version]) => ({
    kind: 'tool',
    name,
    version: String(version),
    file,
    line: 1,
    column: 1,
  }));
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
