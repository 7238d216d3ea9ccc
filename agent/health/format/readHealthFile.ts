import { readYaml, type YamlReading } from '../../config/yamlFile';
import type { FiledDiagnostic, Position } from '../../runbook/model';
import type { CheckSpec } from '../checkSpec';
import { withoutWrongNeeds } from './checkNeeds';
import { HealthFile } from './commonKeys';
import { combinations, fillMatrix, mostCombinations } from './expandMatrix';
import { matrixOf, readCheck, type Problem } from './readCheck';

/** A file of checks as it is understood. The checks that are right are there, whatever is wrong with others. */
export interface HealthReading {
  readonly checks: readonly CheckSpec[];
  readonly problems: readonly FiledDiagnostic[];
}

/** Reads `*.health.yaml`; `file` is its absolute path. */
export function readHealthFile(file: string, text: string): HealthReading {
  const reading = readYaml(file, text, HealthFile);
  const problems: FiledDiagnostic[] = [...reading.problems, ...reading.unknown];
  const entries = reading.value?.checks ?? [];
  const checks = entries.flatMap((entry, index) => {
    const read = readEntry(file, reading, entry, index);
    problems.push(
      ...read.problems.map(problem => filed(file, problem, at(reading, entry, index, problem.path))),
    );
    return read.checks;
  });
  const { kept, doubled } = withoutDoubles(checks);
  problems.push(...doubled.map(check => filed(file, doubleName(check), check)));
  const needing = withoutWrongNeeds(kept, declaredNames(entries, kept));
  for (const { check, problem } of needing.wrong) {
    const index = entries.findIndex((_, at) => isAt(reading.placeOf(['checks', at]), check));
    problems.push(filed(file, problem, at(reading, entries[index] ?? {}, index, problem.path)));
  }
  return { checks: needing.checks, problems };
}

/** Of checks that cannot be read, too: they are told of where they stand. */
function declaredNames(
  entries: readonly Readonly<Record<string, unknown>>[],
  checks: readonly CheckSpec[],
): Set<string> {
  const written = entries.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  return new Set([...written, ...checks.map(({ name }) => name)]);
}

function isAt({ line, column }: Position, other: Position): boolean {
  return line === other.line && column === other.column;
}

function readEntry(
  file: string,
  { value, placeOf }: YamlReading<HealthFile>,
  entry: Readonly<Record<string, unknown>>,
  index: number,
): { checks: CheckSpec[]; problems: Problem[] } {
  const { use } = entry;
  const templates = value?.templates ?? {};
  const template = typeof use !== 'string' ? {} : Object.hasOwn(templates, use) ? templates[use] : undefined;
  if (template === undefined)
    return { checks: [], problems: [noTemplate(String(use), Object.keys(value?.templates ?? {}))] };
  const merged = { ...value?.defaults, ...template, ...entry };
  const matrix = matrixOf(merged['matrix']);
  if ('problem' in matrix) return { checks: [], problems: [matrix.problem] };
  const chosen = combinations(matrix.values);
  if (chosen.length > mostCombinations) return { checks: [], problems: [tooMany] };
  const { line, column } = placeOf(['checks', index]);
  const inherited = new Set(Object.keys(merged).filter(key => !Object.hasOwn(entry, key)));
  const read = chosen.map(values => {
    const filled = fillMatrix(merged, values) as Record<string, unknown>;
    return readCheck(named(filled, merged, values), { file, line, column, inherited });
  });
  return {
    checks: read.flatMap(({ check }) => check ?? []),
    // The same is wrong with all of them.
    problems: [...(read.find(({ problems }) => problems.length > 0)?.problems ?? [])],
  };
}

/** Checks of a matrix are told apart by its values where their name does not. */
function named(
  filled: Record<string, unknown>,
  { name }: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const list = Object.values(values);
  if (list.length === 0 || filled['name'] !== name) return filled;
  return { ...filled, name: `${String(name)} (${list.join(', ')})` };
}

/** Where a key of a check stands; that of a default or a template is told of at the check. */
function at(
  { placeOf }: YamlReading<HealthFile>,
  entry: Readonly<Record<string, unknown>>,
  index: number,
  path: readonly PropertyKey[],
): Position {
  const own = path.length > 0 && Object.hasOwn(entry, String(path[0]));
  return placeOf(own ? ['checks', index, ...path] : ['checks', index]);
}

function filed(file: string, { message, hint }: Problem, { line, column }: Position): FiledDiagnostic {
  const span = { start: 0, end: 0 };
  return {
    severity: 'error',
    code: 'check',
    message,
    ...(hint !== undefined && { hint }),
    file,
    line,
    column,
    span,
  };
}

function withoutDoubles(checks: readonly CheckSpec[]): { kept: CheckSpec[]; doubled: CheckSpec[] } {
  const names = new Set<string>();
  const kept: CheckSpec[] = [];
  const doubled: CheckSpec[] = [];
  for (const check of checks) {
    (names.has(check.name) ? doubled : kept).push(check);
    names.add(check.name);
  }
  return { kept, doubled };
}

function doubleName({ name }: CheckSpec): Problem {
  return { path: ['name'], message: `There is another check named ${name}`, hint: 'Give each its own name.' };
}

function noTemplate(use: string, there: readonly string[]): Problem {
  const list = there.length === 0 ? 'The file has none.' : `There is: ${there.join(', ')}.`;
  return { path: ['use'], message: `There is no template ${use}`, hint: list };
}

const tooMany: Problem = {
  path: ['matrix'],
  message: `The matrix has more than ${mostCombinations} combinations`,
};
