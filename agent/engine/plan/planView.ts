import type { PlanView, PlannedStepView } from '../../protocol/plan';
import { omit } from '../omit';
import { questionOf } from '../step/question';
import type { Plan, PlannedInput, PlannedStep } from '../types';
import { maskText } from '../../secrets/redactingStream';

/** What was found of the things that a plan requires. */
export type CheckedRequirements = readonly (PlanView['requires'][number] & { readonly file: string })[];

/**
 * A plan as people and programs are shown it: the same for `--dry-run` and the editor. Secrets are references or
 * `•••`. `checked`: what came of looking at the requirements; `lastRun`: how a runbook's last run ended.
 */
export function planView(
  plan: Plan,
  checked?: CheckedRequirements,
  lastRun: (file: string) => string | undefined = () => undefined,
): PlanView {
  return {
    file: plan.file,
    title: plan.runbook.title ?? '',
    identity: [...plan.identity],
    inputs: plan.inputs.map(inputView),
    requires: (checked ?? plan.requires.map(wantedOnly)).map(({ name, wanted, found, problem }) => ({
      name,
      wanted,
      ...(found === undefined ? {} : { found }),
      ...(problem === undefined ? {} : { problem }),
    })),
    steps: plan.steps.map(step => stepView(step, plan)),
    leftOut: [...plan.leftOut],
    prerequisites: plan.prerequisites.map(one => {
      const last = lastRun(one.file);
      return { ...one, ...(last === undefined ? {} : { last }) };
    }),
    warnings: plan.warnings.map(({ file, line, column, message, hint }) => ({
      file,
      line,
      column,
      message,
      ...(hint === undefined ? {} : { hint }),
    })),
  };
}

function inputView(input: PlannedInput): PlanView['inputs'][number] {
  const shown = omit(input, 'variable');
  return shown.type === 'secret' && shown.value !== undefined ? { ...shown, value: maskText } : shown;
}

function wantedOnly(requirement: Plan['requires'][number]): CheckedRequirements[number] {
  const { name, file } = requirement;
  return { name, file, wanted: requirement.kind === 'tool' ? requirement.version : requirement.command };
}

function stepView(step: PlannedStep, plan: Plan): PlannedStepView {
  const { index, cell, options, from, text, needs, pulledIn, role, undoes, secrets } = step;
  const { name, language, line, section } = cell;
  return {
    index,
    name,
    cell: cell.index,
    ...(from.file === plan.file ? {} : { file: from.file }),
    language,
    line,
    section: [...section],
    text,
    needs: [...needs],
    pulledIn,
    ...given({ carried: plan.carried?.get(index), fault: step.fault }),
    role,
    ...(undoes === undefined ? {} : { undoes }),
    ...(options.confirm === undefined ? {} : { confirm: questionOf(step, plan.identity) }),
    ...(step.typed === undefined ? {} : { typed: step.typed }),
    ...(options.background === false ? {} : { background: options.background }),
    ...stated(options),
    ...unusual(options),
    secrets: [...secrets],
  };
}

/** What a step's attributes say, without those that it has not got. */
function stated(options: PlannedStep['options']) {
  const { target, effect, retries, onError, when, unless, verify, ready } = options;
  const { timeout, lock, parallel, output } = options;
  return {
    target,
    effect,
    retries,
    onError,
    ...given({ when, unless, verify, ready, timeout, lock, parallel, output }),
  };
}

/** What its other attributes say, where that is not the default. */
function unusual(options: PlannedStep['options']) {
  const { cwd, env, expectExit, retries, retryDelay, strict, tty, mime, interpreter, fresh, user } = options;
  return given({
    cwd,
    env: Object.keys(env).length === 0 ? undefined : { ...env },
    expectExit: expectExit.length === 1 && expectExit[0] === 0 ? undefined : [...expectExit],
    retryDelay: retries === 0 ? undefined : retryDelay,
    strict: strict ? undefined : strict,
    tty: tty === 'auto' ? undefined : tty,
    mime,
    interpreter: interpreter === undefined ? undefined : [...interpreter],
    fresh: fresh ? fresh : undefined,
    user,
  });
}

function given<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const there = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as { [K in keyof T]?: NonNullable<T[K]> };
}
