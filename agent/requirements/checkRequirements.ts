import { findProgram, programOf } from '../executors/programs';
import type { Plan, PlannedStep } from '../engine/types';
import type { ClientEnvironment } from '../protocol/runs';
import type { Requirement, ToolRequirement, ProbeRequirement } from '../runbook/requires';
import { howToGet } from './howToGet';
import { runProbe } from './probe';
import { findTool, isWithin, versionOf } from './version';

/** What was looked at before the first step, and what came of it. */
export interface RequirementResult {
  readonly name: string;
  /** `>=1.29`; for a probe its command. */
  readonly wanted: string;
  /** The version, or where it lies. */
  readonly found?: string;
  /** What is wrong and what to do about it: `kubectl 1.28.3 found, >=1.29 wanted: apt-get install kubectl`. */
  readonly problem?: string;
  /** Absolute path of the runbook that asks for it, and where. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Looks whether what a plan needs is there: the programs of its cells, and what front matter `requires`, in the
 * environment that the steps find, with what their own front matter and attributes add. Commands run four at a time, each
 * with a deadline. Never rejects for what they do. `onlyShown`: no
 * command of the author's is run; programs of the PATH may tell their versions.
 */
export async function checkRequirements(
  plan: Pick<Plan, 'steps' | 'requires'>,
  environment: Pick<ClientEnvironment, 'env' | 'cwd'>,
  signal: AbortSignal,
  { onlyShown = false }: { onlyShown?: boolean } = {},
): Promise<RequirementResult[]> {
  const programs = cellPrograms(plan.steps, environment);
  const declared = await atMost(4, plan.requires, async requirement => {
    const found =
      onlyShown && requirement.kind === 'probe'
        ? {}
        : await lookAt(requirement, environmentOf(requirement.file, plan.steps, environment), signal);
    const { name, line, column } = requirement;
    const wanted = requirement.kind === 'tool' ? requirement.version : requirement.command;
    return { name, wanted, ...found, file: requirement.file, line, column };
  });
  return [...declared, ...programs];
}

/** A runbook that is needed has variables of its own, which each of its steps gets. */
function environmentOf(
  file: string,
  steps: Plan['steps'],
  { env, cwd }: Pick<ClientEnvironment, 'env' | 'cwd'>,
): Pick<ClientEnvironment, 'env' | 'cwd'> {
  const own = steps.find(step => step.from.file === file);
  return own === undefined ? { env, cwd } : { env: { ...env, ...own.env }, cwd };
}

type Found = Pick<RequirementResult, 'found' | 'problem'>;

function lookAt(
  requirement: Requirement,
  environment: Pick<ClientEnvironment, 'env' | 'cwd'>,
  signal: AbortSignal,
): Promise<Found> | Found {
  return requirement.kind === 'tool'
    ? tool(requirement, environment, signal)
    : probe(requirement, environment, signal);
}

async function tool(
  { name, version: wanted, get }: ToolRequirement,
  environment: Pick<ClientEnvironment, 'env' | 'cwd'>,
  signal: AbortSignal,
): Promise<Found> {
  const how = get ?? howToGet(name, environment.env['PATH']);
  const path = findTool(name, environment);
  const range = wanted === '*' ? '' : ` ${wanted}`;
  if (path === undefined) return { problem: nextStep(`${name}${range} is missing`, how) };
  if (wanted === '*') return { found: path };
  const answer = await versionOf(path, name, environment, signal);
  if ('problem' in answer) {
    return {
      found: path,
      problem: nextStep(`${name}${range} wanted, and ${path} gave none: ${answer.problem}`, how),
    };
  }
  const { version } = answer;
  if (isWithin(version, wanted)) return { found: version };
  return { found: version, problem: nextStep(`${name} ${version} found, ${wanted} wanted`, how) };
}

async function probe(
  { name, command, help }: ProbeRequirement,
  environment: Pick<ClientEnvironment, 'env' | 'cwd'>,
  signal: AbortSignal,
): Promise<Found> {
  const bash = findProgram('bash', environment.env['PATH'], environment.cwd) ?? '/bin/sh';
  const { exit, output, problem } = await runProbe([bash, '-c', command], environment, signal);
  if (exit === 0) return { found: 'exit 0' };
  const why = problem ?? `exit ${exit}`;
  const said = output.trim().split('\n').at(-1) ?? '';
  return { problem: nextStep(`${name}: ${command}: ${why}${said === '' ? '' : `, ${said}`}`, help) };
}

function nextStep(what: string, next: string | undefined): string {
  return next === undefined ? what : `${what}: ${next}`;
}

/** A guard may leave it out, or a cell before it may install the program: then the cell's own turn tells. */
function mayDoWithout(step: PlannedStep, program: string, steps: readonly PlannedStep[]): boolean {
  if (isGuarded(step, steps)) return true;
  return steps.some(({ index, text }) => index < step.index && text.includes(program));
}

function isGuarded({ options, needs }: PlannedStep, steps: readonly PlannedStep[]): boolean {
  if (options.when !== undefined || options.unless !== undefined) return true;
  return needs.some(need => steps[need] !== undefined && isGuarded(steps[need], steps));
}

/** The programs that the cells' languages need; only those that are missing. */
function cellPrograms(
  steps: readonly PlannedStep[],
  environment: Pick<ClientEnvironment, 'env' | 'cwd'>,
): RequirementResult[] {
  const seen = new Set<string>();
  return steps.flatMap(step => {
    const { cell, options, from } = step;
    if (options.target !== 'local') return [];
    const wanted = options.interpreter?.[0] ?? cell.language;
    const found = { env: { ...environment.env, ...options.env, ...step.env }, cwd: environment.cwd };
    const key = `${options.interpreter === undefined} ${wanted} ${found.env['PATH'] ?? ''}`;
    if (seen.has(key) || mayDoWithout(step, wanted, steps)) return [];
    seen.add(key);
    const problem = options.interpreter
      ? missingInterpreter(wanted, found)
      : missingLanguage(cell.language, found);
    if (problem === undefined) return [];
    const { line, column } = cell;
    return [{ name: wanted, wanted: `for ${cell.name}`, problem, file: from.file, line, column }];
  });
}

function missingInterpreter(
  program: string,
  { env, cwd }: Pick<ClientEnvironment, 'env' | 'cwd'>,
): string | undefined {
  if (findProgram(program, env['PATH'], cwd) !== undefined) return undefined;
  const elsewhere = 'Change interpreter=, or put it there';
  const how = program.includes('/')
    ? elsewhere
    : (howToGet(program, env['PATH']) ?? 'Install it, or change interpreter=');
  return `${program} is not installed: ${how}`;
}

function missingLanguage(
  language: string,
  { env, cwd }: Pick<ClientEnvironment, 'env' | 'cwd'>,
): string | undefined {
  const entry = programOf(language);
  if (entry === undefined) {
    return `Nothing is known to run ${language} cells: name a program, interpreter="NAME ARGUMENTS", or leave the cell out, exclude`;
  }
  const names = entry.programs.map(([name]) => name);
  if (names.some(name => findProgram(name, env['PATH'], cwd) !== undefined)) return undefined;
  const [first = language] = names;
  return `${first} is not installed: ${howToGet(first, env['PATH']) ?? entry.get}`;
}

/** Like Promise.all over `action`, with so many under way at a time. */
async function atMost<T, R>(
  count: number,
  items: readonly T[],
  action: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [at, item] of queue) results[at] = await action(item);
  };
  await Promise.all(Array.from({ length: Math.min(count, items.length) }, worker));
  return results;
}
