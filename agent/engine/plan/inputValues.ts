import { FrontMatterPlaces } from '../../runbook/frontMatterPlaces';
import { checkInput, type InputSpec } from '../../runbook/inputs';
import type { FiledDiagnostic } from '../../runbook/model';
import { isNear } from '../../runbook/nearName';
import { secretsNamed } from '../../runbook/secretsTable';
import { soundsSecret } from '../../runbook/substitute/soundsSecret';
import { findPlaceholders, placeholderVariable } from '../../runbook/substitute/placeholders';
import { HandrailError } from '../../protocol/errors';
import type { PlanSetting } from './planSetting';
import type { PlannedInput, RunRequest } from '../types';
import type { Book } from './book';
import type { DraftStep } from './draft';

/** Inputs and placeholders of a plan with their values. */
export interface InputValues {
  /** In the order in which they are asked for. */
  readonly inputs: readonly PlannedInput[];
  /** Those without a value they need, and those with a wrong one. */
  readonly missing: readonly PlannedInput[];
  /** Values that can be used, by name. */
  readonly values: ReadonlyMap<string, string>;
  /** Names of inputs that any of the runbooks declares as secret, and of placeholders that sound so. */
  readonly secret: ReadonlySet<string>;
  /** Inputs that two runbooks declare as different things. */
  readonly problems: readonly FiledDiagnostic[];
}

type Known = Pick<PlanSetting, 'lastInputs' | 'earlierInputs' | 'undoing'>;

/**
 * Finds the values of inputs and placeholders: what was given, else of the run that is continued, else the client's
 * variable `HANDRAIL_INPUT_…`, else the default.
 *
 * @throws HandrailError `invalidRunbook` where a value was given for something that nothing is called
 */
export function inputValues(
  request: RunRequest,
  books: readonly Book[],
  steps: readonly DraftStep[],
  known: Known,
): InputValues {
  const asked = [
    ...books.flatMap(book => declared(request, book, steps, known.undoing !== undefined)),
    ...placeholders(steps, new Set(books.flatMap(book => book.inputs.map(({ name }) => name)))),
  ];
  refuseUnknown(request, books);
  const last = known.lastInputs?.(request.file) ?? {};
  const inputs = merged(asked).map(({ spec, specs, input, used }) => {
    const value = valueOf(request, spec, known);
    const isLooked = used || value !== undefined;
    const wrong = isLooked ? firstOf(specs, one => checkInput(one, value ?? '')) : undefined;
    const before = input.type === 'secret' ? undefined : last[spec.name];
    return {
      used,
      input: {
        ...input,
        ...(before === undefined ? {} : { last: before }),
        ...(value === undefined ? {} : { value }),
        ...(wrong === undefined || (value ?? '') === '' ? {} : { wrong }),
      },
      isMissing: wrong !== undefined,
    };
  });
  const good = inputs.filter(({ isMissing }) => !isMissing);
  return {
    inputs: inputs.filter(({ used }) => used).map(({ input }) => input),
    missing: inputs.filter(({ isMissing }) => isMissing).map(({ input }) => input),
    values: new Map(
      good.flatMap(({ input: { name, value } }) => (value === undefined ? [] : [[name, value]])),
    ),
    secret: new Set(asked.flatMap(({ spec: { name, type } }) => (type === 'secret' ? [name] : []))),
    problems: conflicts(books),
  };
}

/** One value cannot be a number in one runbook and a text, or a secret, in another one. */
function conflicts(books: readonly Book[]): FiledDiagnostic[] {
  const first = new Map<string, { book: Book; type: InputSpec['type'] }>();
  return books.flatMap(book => {
    const places = new FrontMatterPlaces(book.runbook.source);
    const found = book.inputs.flatMap(({ name, type }) => {
      const before = first.get(name);
      if (!before) first.set(name, { book, type });
      if (!before || before.type === type) return [];
      const message = `\`${name}\` is a ${type} here and a ${before.type} in ${before.book.file}`;
      const hint = 'Give both the same type, or call one of them otherwise.';
      return [places.error(['inputs', name], { code: 'conflicting-input', message, hint })];
    });
    return book.filed(found);
  });
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Asked {
  readonly spec: Omit<InputSpec, 'line' | 'column'>;
  readonly input: PlannedInput;
  /** Whether this plan has a use for it. */
  readonly used: boolean;
}

/** `onlyNamed`: what none of the steps names is not asked for. */
function declared(
  { selection }: RunRequest,
  book: Book,
  steps: readonly DraftStep[],
  onlyNamed: boolean,
): Asked[] {
  const own = steps.filter(step => step.book === book);
  return book.inputs.map(spec => {
    const naming = (cells: readonly Pick<DraftStep, 'cell' | 'options'>[]): string[] =>
      cells.filter(({ cell, options }) => names(cell, options, spec.name)).map(({ cell }) => cell.name);
    const cells = naming(own);
    // What no cell names at all is for the programs that cells call.
    const everywhere = book.runbook.cells.map(cell => ({ cell, options: book.options(cell) }));
    const isForAll = (): boolean => selection.kind === 'all' || naming(everywhere).length === 0;
    const used = cells.length > 0 || (!onlyNamed && isForAll());
    return { spec, used, input: { ...inputOf(spec, cells), ...ofOther(book) } };
  });
}

function inputOf(spec: InputSpec, cells: string[]): PlannedInput {
  const { name, type, description, choices, pattern, default: preset, line, column } = spec;
  return {
    name,
    from: 'input',
    type,
    ...(description === undefined ? {} : { description }),
    ...(choices === undefined ? {} : { choices: [...choices] }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(preset === undefined || type === 'secret' ? {} : { default: preset }),
    cells,
    line,
    column,
  };
}

function ofOther({ file, isOther }: Book): { file?: string } {
  return isOther ? { file } : {};
}

function names(cell: DraftStep['cell'], options: DraftStep['options'], name: string): boolean {
  return secretsNamed(cell, options, [name]).length > 0;
}

/** Placeholders that are not called like an input. */
function placeholders(steps: readonly DraftStep[], inputs: ReadonlySet<string>): Asked[] {
  return steps.flatMap(({ book, cell, options }) => {
    if (!options.placeholders) return [];
    return findPlaceholders(cell, book.runbook.source)
      .filter(({ name }) => !inputs.has(name))
      .map(({ name, line, column }) => {
        const type = soundsSecret(name) ? 'secret' : 'string';
        const variable = type === 'secret' ? { variable: placeholderVariable(name) } : {};
        return {
          spec: { name, type, required: true },
          used: true,
          input: {
            ...{ name, from: 'placeholder', type, cells: [cell.name], line, column },
            ...ofOther(book),
            ...variable,
          },
        };
      });
  });
}

/** Each name once, with all the cells that use it and all that is declared of it. */
function merged(asked: readonly Asked[]): (Asked & { specs: readonly Asked['spec'][] })[] {
  const byName = new Map<string, Asked[]>();
  for (const one of asked) {
    const before = byName.get(one.spec.name);
    if (before) before.push(one);
    else byName.set(one.spec.name, [one]);
  }
  return [...byName.values()].map(all => {
    const specs = [...new Set(all.map(({ spec }) => spec))];
    const first = all.find(({ spec }) => spec.type === 'secret') ?? all[0]!;
    const cells = [...new Set(all.flatMap(({ input }) => input.cells))];
    return { ...first, specs, used: all.some(({ used }) => used), input: { ...first.input, cells } };
  });
}

function valueOf(
  { inputs = {}, environment }: RunRequest,
  spec: Asked['spec'],
  { earlierInputs = {} }: Known,
): string | undefined {
  const { name } = spec;
  const variable = placeholderVariable(name);
  // Of a secret nobody has kept more than that it was given.
  const earlier = spec.type === 'secret' ? undefined : own(earlierInputs, name);
  const fromEnvironment = environment.env[variable] ?? environment.env[variable.toUpperCase()];
  return own(inputs, name) ?? earlier ?? fromEnvironment ?? spec.default;
}

function refuseUnknown({ inputs = {}, file }: RunRequest, books: readonly Book[]): void {
  const declaredNames = books.flatMap(book => book.inputs.map(({ name }) => name));
  const unknown = Object.keys(inputs).filter(name => !declaredNames.includes(name));
  if (unknown.length === 0) return;
  const found = books.flatMap(({ runbook }) =>
    runbook.cells.flatMap(cell => findPlaceholders(cell, runbook.source).map(({ name }) => name)),
  );
  const all = [...new Set([...declaredNames, ...found])];
  const wrong = unknown.filter(name => !all.includes(name));
  if (wrong.length === 0) return;
  const what = wrong.length === 1 ? `input ${wrong[0]}` : `inputs ${wrong.join(', ')}`;
  const message = `${file} has no ${what}. ${hintFor(wrong, all)}`;
  throw new HandrailError('invalidRunbook', message, { file, diagnostics: [] });
}

function hintFor(wrong: readonly string[], all: readonly string[]): string {
  if (all.length === 0) return 'It asks for none';
  const meant = wrong.map(one => all.find(name => isNear(one, name)));
  if (meant.includes(undefined)) return `There is: ${all.join(', ')}`;
  return `Did you mean ${meant.join(', ')}?`;
}

function own(values: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
