import { basename } from 'node:path';
import { HandrailError } from '../protocol/errors';
import { cellKeys } from '../runbook/cellKey';
import type { CellKey } from '../runbook/cellKey';
import { cellOptions } from '../runbook/cellOptions';
import type { CellOptions } from '../runbook/cellOptions';
import type { Cell, Diagnostic, Runbook } from '../runbook/model';
import { parseRunbook } from '../runbook/parseRunbook';
import { cellDiagnostic } from './cellDiagnostic';
import { orderByNeeds } from './orderByNeeds';
import { passedKey } from './passedCells';
import type { PlanSetting } from './planSetting';
import { selectCells } from './selectCells';
import type { Plan, PlannedStep, RunRequest } from './types';
import { unsupported } from './unsupported';

/** Resolves which cells a request runs and in which order. Throws HandrailError `invalidRunbook` or `needsAnswer`. */
export function planRun(request: RunRequest, setting: PlanSetting = {}): Plan {
  const { passed = new Set<string>(), runbook = parseRunbook(request.text), onlyShown = false } = setting;
  const draft = new Draft(request.file, runbook);
  const chosen = selectCells(draft.runbook, request, cell => draft.optionsOf(cell).exclude);
  const steps = draft.steps(chosen, passed);
  draft.refuseErrors(steps);
  if (!onlyShown) refuseUnapproved(request, steps);
  return {
    file: request.file,
    runbook: draft.runbook,
    steps,
    inputs: [],
    secrets: [],
    requires: [],
    identity: [],
    leftOut: [],
    prerequisites: [],
    warnings: draft.warnings(steps),
  };
}

/** A plan being made: what is looked up more than once, and what was found wrong on the way. */
class Draft {
  readonly file: string;
  readonly runbook: Runbook;
  /** What is wrong with the cells' needs. */
  readonly #needless: Diagnostic[] = [];
  readonly #options = new Map<number, ReturnType<typeof cellOptions>>();
  readonly #keys: readonly CellKey[];
  readonly #byName: ReadonlyMap<string, number>;

  constructor(file: string, runbook: Runbook) {
    this.file = file;
    this.runbook = runbook;
    this.#keys = cellKeys(runbook);
    this.#byName = new Map(runbook.cells.map(cell => [cell.name, cell.index]));
  }

  steps(chosen: readonly number[], passed: ReadonlySet<string>): PlannedStep[] {
    const wanted = new Set(chosen);
    const needs = (index: number): number[] =>
      this.#needs(this.#cell(index)).filter(
        need => wanted.has(need) || !passed.has(passedKey(this.#key(need))),
      );
    const { order: found, cycle } = orderByNeeds(chosen, needs);
    if (cycle) this.#reportCycle(cycle);
    const order = cycle ? [...new Set([...chosen, ...cycle])] : found;
    const place = new Map(order.map((index, position) => [index, position]));
    return order.map((index, position) => ({
      index: position,
      cell: this.#cell(index),
      key: this.#key(index),
      options: this.optionsOf(this.#cell(index)),
      from: { file: this.file, runbook: this.runbook },
      text: this.#cell(index).text,
      env: {},
      secrets: [],
      role: 'step',
      needs: needs(index).flatMap(need => place.get(need) ?? []),
      pulledIn: !wanted.has(index),
    }));
  }

  /** Throws what keeps any of the steps from running. */
  refuseErrors(steps: readonly PlannedStep[]): void {
    const names = new Set(steps.map(({ cell }) => cell.name));
    const parsed = this.runbook.diagnostics.filter(({ cells }) => cells?.some(name => names.has(name)));
    const found = [...parsed, ...this.#ofOptions(steps), ...unsupported(this.runbook, steps)].filter(isError);
    // Needs that stand in `defaults` are found here only, the others by whoever parsed the text.
    const errors = distinct(found.length > 0 ? found : this.#needless);
    if (errors.length > 0) throw invalid(this.file, errors);
    if (steps.length === 0) throw nothingToRun(this.file, this.runbook);
  }

  warnings(steps: readonly PlannedStep[]): Diagnostic[] {
    // Errors too: these ones keep none of the steps from running.
    return distinct([...this.runbook.diagnostics, ...this.#ofOptions(steps)]);
  }

  optionsOf(cell: Cell): CellOptions {
    return this.#read(cell).options;
  }

  #needs(cell: Cell): number[] {
    return this.optionsOf(cell).needs.flatMap(name => {
      const index = this.#byName.get(name);
      if (index === undefined) this.#reportUnknown(cell, name);
      return index ?? [];
    });
  }

  #ofOptions(steps: readonly PlannedStep[]): Diagnostic[] {
    return steps.flatMap(({ cell }) => this.#read(cell).diagnostics);
  }

  #read(cell: Cell): ReturnType<typeof cellOptions> {
    const known = this.#options.get(cell.index);
    if (known) return known;
    const read = cellOptions(cell, this.runbook.frontMatter);
    this.#options.set(cell.index, read);
    return read;
  }

  #reportUnknown(cell: Cell, name: string): void {
    const message = `\`${cell.name}\` needs \`${name}\`, and no cell has that name`;
    const diagnostic = cellDiagnostic(this.runbook, cell, 'unknown-needs', message, { key: 'needs' });
    this.#needless.push(diagnostic);
  }

  #reportCycle(cycle: readonly number[]): void {
    const cells = cycle.map(index => this.#cell(index));
    const [first] = cells;
    if (!first) return;
    const path = [...cells, first].map(({ name }) => name).join(' → ');
    const message = `The cells need each other in a circle: ${path}`;
    this.#needless.push(cellDiagnostic(this.runbook, first, 'cyclic-needs', message, { key: 'needs' }));
  }

  #cell(index: number): Cell {
    return at(this.runbook.cells, index);
  }

  #key(index: number): CellKey {
    return at(this.#keys, index);
  }
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

/** Each mistake once, in the order of the file. */
function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const byPlace = new Map(
    diagnostics.map(diagnostic => [`${diagnostic.code} ${diagnostic.span.start}`, diagnostic]),
  );
  return [...byPlace.values()].sort((a, b) => a.span.start - b.span.start);
}

function invalid(file: string, diagnostics: readonly Diagnostic[]): HandrailError {
  const lines = diagnostics.map(
    ({ line, column, message, hint }) =>
      `${file}:${line}:${column}: ${message.replace(/\.$/, '')}${hint ? `. ${hint}` : ''}`,
  );
  return new HandrailError('invalidRunbook', lines.join('\n'), { file, diagnostics });
}

function nothingToRun(file: string, { cells }: Runbook): HandrailError {
  const why =
    cells.length === 0
      ? 'it has no code block of a language that can run'
      : 'its cells are left out of a whole run: choose them by name';
  return new HandrailError('invalidRunbook', `Nothing to run in ${basename(file)}: ${why}`, {
    file,
    diagnostics: [],
  });
}

function refuseUnapproved(request: RunRequest, steps: readonly PlannedStep[]): void {
  const { approved = [] } = request;
  if (approved === true || request.asks === true) return;
  const confirm = steps
    .filter(({ cell, options }) => options.confirm !== undefined && !approved.includes(cell.name))
    .map(({ cell, options }) => ({ name: cell.name, text: questionOf(cell, options), line: cell.line }));
  if (confirm.length === 0) return;
  const names = confirm.map(({ name }) => name).join(', ');
  throw new HandrailError('needsAnswer', `Needs approval: ${names}`, { file: request.file, confirm });
}

function questionOf(cell: Cell, { confirm }: CellOptions): string {
  return typeof confirm === 'string' ? confirm : `Run ${cell.name}?`;
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`No item ${index} of ${items.length}`);
  return item;
}
