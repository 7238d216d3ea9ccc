import { isFalse, isTrue } from './attributes';
import { parseDuration } from './duration';
import type { Attribute, Cell, Diagnostic, FrontMatter } from './model';

/** A cell's attributes by name, the front matter's where the cell has none, each read as the type asked for. */
export class OptionValues {
  readonly diagnostics: Diagnostic[] = [];
  readonly #cell: Cell;
  readonly #defaults: ReadonlyMap<string, string | true>;

  constructor(cell: Cell, frontMatter: FrontMatter | undefined) {
    this.#cell = cell;
    this.#defaults = defaultsOf(frontMatter);
  }

  /** The value as written. */
  raw(key: string): string | true | undefined {
    return this.#attribute(key)?.value ?? this.#defaults.get(key);
  }

  /** `{ key: value }`, or nothing where there is none, to be spread. */
  text<K extends string>(key: K): { [P in K]?: string } {
    const value = this.raw(key);
    if (value === undefined || value === '') return {};
    if (value !== true) return { [key]: value } as { [P in K]?: string };
    this.wrong(key, value, 'a value');
    return {};
  }

  list(key: string): readonly string[] {
    const written = this.#cell.attributes
      .filter(attribute => attribute.key === key)
      .map(({ value }) => value);
    const values = written.length > 0 ? written : [this.#defaults.get(key) ?? ''];
    const items = values.flatMap(value => (value === true ? [] : value.split(',')));
    return [...new Set(items.map(item => item.trim()).filter(item => item !== ''))];
  }

  flag(key: string, preset: boolean): boolean {
    const value = this.raw(key);
    if (value === undefined) return preset;
    if (!isTrue(value) && !isFalse(value)) this.wrong(key, value, '`true` or `false`');
    return isTrue(value) || (!isFalse(value) && preset);
  }

  /** The first choice is the preset. */
  oneOf<T extends string>(key: string, choices: readonly [T, ...T[]]): T {
    const value = this.raw(key);
    const choice = choices.find(one => one === value);
    if (value !== undefined && choice === undefined) this.wrong(key, value, choices.join(', '));
    return choice ?? choices[0];
  }

  duration<K extends string>(key: K): { [P in K]?: number } {
    const value = this.raw(key);
    if (value === undefined) return {};
    const ms = value === true ? undefined : parseDuration(value);
    if (ms !== undefined) return { [key]: ms } as { [P in K]?: number };
    this.wrong(key, value, 'a duration like `30s`, `5m` or `500ms`');
    return {};
  }

  count(key: string, preset: number): number {
    const value = this.raw(key);
    if (value === undefined) return preset;
    if (value !== true && /^\d{1,6}$/.test(value)) return Number(value);
    this.wrong(key, value, 'a whole number');
    return preset;
  }

  numbers(key: string, preset: readonly number[]): readonly number[] {
    const items = this.list(key);
    if (items.every(item => /^\d{1,3}$/.test(item))) return items.length > 0 ? items.map(Number) : preset;
    this.wrong(key, items.join(','), 'exit codes like `0,2`');
    return preset;
  }

  /** `A=1,B=2`, or a JSON object where the attributes are JSON. */
  variables(key: string): Readonly<Record<string, string>> {
    const value = this.raw(key);
    if (value === undefined || value === true) return {};
    const pairs = value.startsWith('{')
      ? jsonPairs(value)
      : value.split(',').map(pair => pair.split(/=(.*)/s));
    const entries = pairs?.map(([name = '', text]) => [name.trim(), text] as const) ?? [];
    if (pairs && entries.every(([name, text]) => /^[A-Za-z_]\w*$/.test(name) && text !== undefined)) {
      return Object.fromEntries(entries) as Record<string, string>;
    }
    this.wrong(key, value, 'variables like `A=1,B=2`');
    return {};
  }

  /** Notes that a value is not what the attribute can be. */
  wrong(key: string, value: string | true, wanted: string): void {
    const attribute = this.#attribute(key);
    const { line } = this.#cell;
    const span = attribute?.span ?? this.#cell.span;
    const column = this.#cell.column + (span.start - this.#cell.span.start);
    const where = attribute ? '' : " (from the front matter's `defaults`)";
    const given = value === true ? 'has no value' : `is \`${value}\``;
    this.diagnostics.push({
      line,
      column,
      severity: 'error',
      code: 'bad-value',
      message: `\`${attribute?.written ?? key}\` of ${this.#cell.name} ${given}${where}; wanted: ${wanted}.`,
      span,
    });
  }

  #attribute(key: string): Attribute | undefined {
    return this.#cell.attributes.find(attribute => attribute.key === key);
  }
}

/** The front matter's `defaults`, and its keys that are attributes of all cells. */
function defaultsOf(frontMatter: FrontMatter | undefined): ReadonlyMap<string, string | true> {
  const values = frontMatter?.values ?? {};
  const found = new Map<string, string | true>();
  for (const key of ['cwd', 'target', 'terminalRows']) add(found, key, values[key]);
  add(found, 'tags', values.tag);
  add(found, 'placeholders', values.skipPrompts === true ? false : undefined);
  const defaults = values.defaults;
  if (typeof defaults === 'object' && defaults !== null) {
    for (const [key, value] of Object.entries(defaults)) add(found, key, value);
  }
  return found;
}

function add(found: Map<string, string | true>, key: string, value: unknown): void {
  if (typeof value === 'string' || value === true) found.set(key, value);
  else if (typeof value === 'number' || value === false) found.set(key, String(value));
  else if (Array.isArray(value)) found.set(key, value.map(String).join(','));
  else if (typeof value === 'object' && value !== null) found.set(key, JSON.stringify(value));
}

function jsonPairs(text: string): string[][] | undefined {
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
    return entries.map(([name, value]) => [name, String(value)]);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
