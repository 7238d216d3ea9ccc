import { cellKeys, type CellKey } from '../../runbook/cellKey';
import { cellOptions, type CellOptions } from '../../runbook/cellOptions';
import { declaredInputs, type InputSpec } from '../../runbook/inputs';
import type { Cell, Diagnostic, FiledDiagnostic, FrontMatter, Runbook } from '../../runbook/model';
import { declaredRequirements } from '../../runbook/requires';
import { declaredSecrets } from '../../runbook/secretsTable';
import type { SecretReference } from '../../secrets/types';
import type { PlannedRequirement, PlannedRunbook } from '../types';

/** A runbook of a plan with what it declares, each looked up once. */
export class Book implements PlannedRunbook {
  readonly file: string;
  readonly runbook: Runbook;
  /** Not the one that the run is asked for. */
  readonly isOther: boolean;
  readonly inputs: readonly InputSpec[];
  readonly secrets: readonly SecretReference[];
  readonly requires: readonly PlannedRequirement[];
  /** What is wrong with its declarations. */
  readonly declarations: readonly FiledDiagnostic[];
  readonly #frontMatter: FrontMatter | undefined;
  readonly #options = new Map<number, ReturnType<typeof cellOptions>>();
  /** Where cells run whatever they say, by index. */
  readonly #targets: ReadonlyMap<number, string>;
  #keys: readonly CellKey[] | undefined;
  #byName: ReadonlyMap<string, Cell> | undefined;

  constructor(file: string, runbook: Runbook, presets: Presets, isOther: boolean) {
    const { frontMatter, source } = runbook;
    const inputs = declaredInputs(frontMatter, source);
    const secrets = declaredSecrets(frontMatter, source);
    const requires = declaredRequirements(frontMatter, source);
    this.file = file;
    this.isOther = isOther;
    this.runbook = runbook;
    this.inputs = inputs.inputs;
    this.secrets = secrets.secrets;
    this.requires = requires.requirements.map(requirement => ({ ...requirement, file }));
    this.declarations = [inputs, secrets, requires].flatMap(({ diagnostics }) => this.filed(diagnostics));
    this.#frontMatter = withPresets(frontMatter, presets);
    const { target, targetOf } = presets;
    this.#targets = new Map(
      isOther || target === undefined ? [] : targetOf.map(index => [index, target] as const),
    );
  }

  options(cell: Cell): CellOptions {
    return this.#read(cell).options;
  }

  /** Whether a cell runs where the request says, whatever it says itself. */
  isMoved(cell: Cell): boolean {
    return this.#targets.has(cell.index);
  }

  /** What is wrong with the values of its attributes. */
  attributeMistakes(cell: Cell): FiledDiagnostic[] {
    return this.filed(this.#read(cell).diagnostics.map(each => ({ cells: [cell.name], ...each })));
  }

  /** Names that it declares wrongly, so that they have no value. */
  get broken(): readonly string[] {
    const { inputs, secrets } = this.runbook.frontMatter?.values ?? {};
    const good = new Set([...this.inputs, ...this.secrets].map(({ name }) => name));
    return [inputs, secrets]
      .flatMap(declared => (typeof declared === 'object' && declared !== null ? Object.keys(declared) : []))
      .filter(name => !good.has(name));
  }

  /** What is wrong with the declaration of one of {@link broken}. */
  mistakesOf(name: string): FiledDiagnostic[] {
    const { frontMatter, source } = this.runbook;
    if (frontMatter === undefined) return [];
    const alone = (key: 'inputs' | 'secrets'): FrontMatter => {
      const declared = Object.entries(frontMatter.values[key] ?? {}).filter(([one]) => one === name);
      return { ...frontMatter, values: { [key]: Object.fromEntries(declared) } };
    };
    return this.filed([
      ...declaredInputs(alone('inputs'), source).diagnostics,
      ...declaredSecrets(alone('secrets'), source).diagnostics,
    ]);
  }

  /** What whoever parsed the text found to keep a cell from running. */
  parseMistakes(cell: Cell): FiledDiagnostic[] {
    return this.filed(this.runbook.diagnostics.filter(({ cells }) => cells?.includes(cell.name)));
  }

  find(name: string): Cell | undefined {
    this.#byName ??= new Map(this.runbook.cells.map(cell => [cell.name, cell]));
    return this.#byName.get(name);
  }

  key(cell: Cell): CellKey {
    this.#keys ??= cellKeys(this.runbook);
    const key = this.#keys[cell.index];
    if (key === undefined) throw new RangeError(`No cell ${cell.index} in ${this.file}`);
    return key;
  }

  filed(diagnostics: readonly Diagnostic[]): FiledDiagnostic[] {
    return diagnostics.map(diagnostic => ({ ...diagnostic, file: this.file }));
  }

  #read(cell: Cell): ReturnType<typeof cellOptions> {
    const known = this.#options.get(cell.index);
    if (known) return known;
    const { options, diagnostics } = cellOptions(cell, this.#frontMatter);
    const target = this.#targets.get(cell.index);
    const read = { options: target === undefined ? options : { ...options, target }, diagnostics };
    this.#options.set(cell.index, read);
    return read;
  }
}

/** Attributes that come from outside the file. */
export interface Presets {
  /** Of the person's configuration: what the file says comes first. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Of the request: comes before what the file says of all its cells. */
  readonly target: string | undefined;
  /** Indexes of cells of the file asked for whose own target it comes before, too. */
  readonly targetOf: readonly number[];
}

function withPresets(
  frontMatter: FrontMatter | undefined,
  { defaults, target }: Presets,
): FrontMatter | undefined {
  const values = frontMatter?.values ?? {};
  const own = typeof values.defaults === 'object' && values.defaults !== null ? values.defaults : {};
  const others = Object.entries(defaults).filter(([key]) => values[key] === undefined);
  const merged = { ...Object.fromEntries(others), ...own, ...(target === undefined ? {} : { target }) };
  if (others.length === 0 && target === undefined) return frontMatter;
  const nothing = { format: 'yaml', span: { start: 0, end: 0 }, values: {}, handrail: false } as const;
  return { ...(frontMatter ?? nothing), values: { ...values, defaults: merged } };
}
