import { basename } from 'node:path';
import { HandrailError } from '../../protocol/errors';
import { MissingAnswers } from '../../protocol/plan';
import type { FiledDiagnostic } from '../../runbook/model';
import { parseRunbook } from '../../runbook/parseRunbook';
import type { Book } from './book';
import { approvalName, isApproved } from './approvals';
import type { DraftStep } from './draft';
import { fillAttributes } from './fillAttributes';
import { fillStep } from './fillStep';
import { inputValues, type InputValues } from './inputValues';
import { layOut } from './layOut';
import { senselessCombinations } from './combinations';
import { bearFaults } from './bearFaults';
import { conflictingSecrets } from './conflictingSecrets';
import { type PodContexts, podContexts } from './podContexts';
import { planIdentity } from './planIdentity';
import { applyRules } from './rules';
import { findPrerequisites } from './findPrerequisites';
import type { PlanSetting } from './planSetting';
import { runbookDoubts } from './runbookDoubts';
import { questionOf } from '../step/question';
import { frontMatterVariables, sessionStart } from '../session/sessionStart';
import type { Plan, PlannedInput, PlannedStep, RunRequest } from '../types';
import { unsupported } from './unsupported';

/**
 * Resolves what a request runs, in which order, with which values, and as whom. Throws HandrailError `invalidRunbook`
 * with all that is wrong, or `needsAnswer` with all that is missing ({@link MissingAnswers}).
 */
export function planRun(request: RunRequest, setting: PlanSetting = {}): Plan {
  const { file, environment } = request;
  const { runbook = parseRunbook(request.text) } = setting;
  const { config, problems: doubts } = setting.config?.() ?? { config: undefined, problems: [] };
  const laid = layOut(request, { ...setting, runbook, config });
  const { book, books } = laid;
  const start = setting.environment ?? sessionStart(file, runbook, environment).environment;
  const acting = actingSteps(laid.steps, setting);
  const values = inputValues(request, books, acting, setting);
  const attributed = laid.steps.map(step => fillAttributes(step, values));
  const pods = podContexts(start, setting.identity, config?.kubeconfigs);
  const drafts = attributed.map(({ step }) => known(step, start.env, values, pods));
  const identity = planIdentity(book, drafts, start, setting.identity, pods, config?.endpoints);
  const ruled = applyRules(drafts, identity, config ?? noPatterns, setting.policies ?? noPolicies);
  const filled = ruled.steps.map(step => fillStep(step, values));
  const mistakes = ruled.steps.flatMap(({ book: own, cell }) => own.attributeMistakes(cell));
  const found = [...attributed, ...filled, values].flatMap(({ problems }) => problems);
  const problems = [...doubts, ...mistakes, ...ruled.problems, ...found, ...laid.problems];
  const concerning = concerningOnly(laid.steps, acting, [
    ...problems,
    ...mistakesOf(books, ruled.steps),
    ...senselessCombinations(ruled.steps, setting.recorded !== false),
  ]);
  const all = filled.map(({ step }) => step);
  const { steps, borne } = bearFaults(all, concerning, request.keepGoing === true);
  const grave = concerning.filter(problem => !borne.includes(problem));
  refuse(book, grave, setting.onlyShown === true ? runbookDoubts(request, books, laid.steps) : []);
  if (steps.length === 0) throw nothingToRun(book);
  const prerequisites = findPrerequisites(book);
  const made: Plan = {
    file,
    runbook,
    steps,
    inputs: values.inputs,
    secrets: secretsOf(books, acting, steps),
    requires: [...books.flatMap(({ requires }) => requires), ...ruled.requires],
    environment: start,
    identity: identity.facts,
    leftOut: laid.leftOut,
    ...(laid.part === undefined ? {} : { part: laid.part }),
    prerequisites: prerequisites.there,
    warnings: distinct([
      ...[...doubts, ...borne, ...runbookDoubts(request, books, laid.steps), ...mistakes],
      ...[...identity.problems, ...ruled.problems, ...prerequisites.problems, ...found],
    ]),
  };
  const plan = setting.goingOn?.(made) ?? made;
  if (setting.onlyShown !== true) refuseUnanswered(request, plan, values);
  return plan;
}

const noPatterns = { production: [], readOnly: [] };
const noPolicies = (): [] => [];

/** What is written wrong, or cannot be done, in the files and in their cells. */
function mistakesOf(books: readonly Book[], steps: readonly DraftStep[]): FiledDiagnostic[] {
  return [
    // What is required is so for all cells.
    ...books.flatMap(({ declarations }) => declarations.filter(({ code }) => code === 'bad-requirement')),
    ...steps.flatMap(({ book, cell }) => book.parseMistakes(cell)),
    ...unsupported(books, steps),
    ...conflictingSecrets(books),
  ];
}

/** Declared secrets that the acting steps are given. */
function secretsOf(
  books: readonly Book[],
  acting: readonly DraftStep[],
  steps: readonly PlannedStep[],
): Plan['secrets'] {
  const named = new Set(acting.flatMap(({ index }) => steps[index]?.secrets ?? []));
  return books.flatMap(({ secrets }) => secrets).filter(({ name }) => named.has(name));
}

/** The steps that are run: all of them, or only those that undo what is to be undone. */
function actingSteps(steps: readonly DraftStep[], { undoing }: PlanSetting): readonly DraftStep[] {
  if (undoing === undefined) return steps;
  return steps.filter(({ undoes = -1 }) => {
    const undone = steps[undoes];
    return (
      undone !== undefined && undoing({ ...undone, from: undone.book, key: undone.book.key(undone.cell) })
    );
  });
}

/** What is wrong with a cell that is not run keeps nothing from running. */
function concerningOnly(
  steps: readonly DraftStep[],
  acting: readonly DraftStep[],
  problems: readonly FiledDiagnostic[],
): readonly FiledDiagnostic[] {
  if (acting === steps) return problems;
  const isActing = ({ file, cells }: FiledDiagnostic): boolean =>
    acting.some(step => step.book.file === file && cells?.includes(step.cell.name));
  return problems.filter(problem => problem.cells === undefined || isActing(problem));
}

/** With what is known before it runs, and a target that means the same whenever it is opened. */
function known(
  step: DraftStep,
  env: Readonly<Record<string, string>>,
  values: InputValues,
  pods: PodContexts,
): DraftStep {
  const options = { ...step.options, target: pods.fixed(step.options.target) };
  return { ...step, options, known: knownTo(step, env, values) };
}

/** What is known before a step runs of what it will find. */
function knownTo(
  { book, options }: DraftStep,
  env: Readonly<Record<string, string>>,
  { values, secret }: InputValues,
): ReadonlyMap<string, string> {
  const declared = book.isOther ? frontMatterVariables(book.file, book.runbook) : {};
  const shown = [...values].filter(([name]) => !secret.has(name));
  return new Map([...Object.entries({ ...env, ...declared, ...options.env }), ...shown]);
}

/** Throws what keeps any of the steps from running, and then what is doubtful besides. */
function refuse(
  { file }: Book,
  diagnostics: readonly FiledDiagnostic[],
  doubts: readonly FiledDiagnostic[],
): void {
  const grave = diagnostics.filter(({ severity }) => severity === 'error');
  if (grave.length === 0) return;
  const errors = distinct([...doubts, ...grave]);
  const lines = errors.map(
    ({ file: place, line, column, message, hint }) =>
      `${place}:${line}:${column}: ${message.replace(/\.$/, '')}${hint === undefined ? '' : `. ${hint}`}`,
  );
  throw new HandrailError('invalidRunbook', lines.join('\n'), { file, diagnostics: errors });
}

/** Each mistake once, in the order of the files. */
function distinct(diagnostics: readonly FiledDiagnostic[]): FiledDiagnostic[] {
  const byPlace = new Map(
    diagnostics.map(diagnostic => [
      JSON.stringify([diagnostic.file, diagnostic.code, diagnostic.span.start]),
      diagnostic,
    ]),
  );
  const files = [...new Set(diagnostics.map(({ file }) => file))];
  return [...byPlace.values()].sort(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.span.start - b.span.start,
  );
}

function nothingToRun({ file, runbook: { cells } }: Book): HandrailError {
  const why =
    cells.length === 0
      ? 'it has no code block of a language that can run'
      : 'its cells are left out of a whole run: choose them by name';
  const message = `Nothing to run in ${basename(file)}: ${why}`;
  return new HandrailError('invalidRunbook', message, { file, diagnostics: [] });
}

/** What only cells ask for that are not run need not be answered. */
function isUsed({ cells, file }: PlannedInput, plan: Plan): boolean {
  const own = plan.steps.filter(
    ({ cell, from }) => cells.includes(cell.name) && from.file === (file ?? plan.file),
  );
  return own.length === 0 || own.some(({ fault }) => fault === undefined);
}

/** Throws all that has to be answered before the first step. */
function refuseUnanswered(request: RunRequest, plan: Plan, values: InputValues): void {
  const missing = values.missing.filter(input => isUsed(input, plan));
  const { approved = [], asks = false, secrets: sent = {} } = request;
  const confirm = asks ? [] : unapproved(plan, approved);
  const unsent = plan.secrets.filter(
    ({ name, provider }) => provider === 'editor' && !Object.hasOwn(sent, name),
  );
  const secrets = unsent.map(({ name }) => name);
  if (confirm.length + missing.length + secrets.length === 0) return;
  // Values are not repeated: some are secret.
  const inputs = missing.map(input => ({ ...input, value: undefined }));
  const answers = MissingAnswers.parse({ file: plan.file, confirm, inputs, secrets });
  const parts = [
    ['approval', confirm.map(({ name }) => name)],
    ['input', missing.map(({ name }) => name)],
    ['secret', secrets],
  ] as const;
  const said = parts.flatMap(([what, names]) => (names.length === 0 ? [] : [`${what}: ${names.join(', ')}`]));
  throw new HandrailError('needsAnswer', `Needs ${said.join('; ')}`, answers);
}

function unapproved({ file, steps, identity }: Plan, approved: readonly string[]): MissingAnswers['confirm'] {
  return steps
    .filter(
      step =>
        step.fault === undefined && step.options.confirm !== undefined && !isApproved(approved, step, file),
    )
    .map((step: PlannedStep) => ({
      name: approvalName(step, file),
      ...(step.from.file === file ? {} : { file: step.from.file }),
      text: questionOf(step, identity),
      ...(step.typed === undefined ? {} : { typed: step.typed }),
      line: step.cell.line,
    }));
}
