import { FrontMatterPlaces, type KeyPath } from './frontMatterPlaces';
import { linearPattern } from './linearPattern';
import type { Diagnostic, FrontMatter, Position } from './model';
import { isRecord, scalarText } from './frontMatterScalars';
import { secretProblem } from './secretText';
import { variableNameProblem } from './variableNames';

/** A typed parameter of a runbook: front matter `inputs`. */
export interface InputSpec extends Position {
  /** An identifier; also the name of the variable that cells see. */
  readonly name: string;
  readonly type: 'string' | 'number' | 'boolean' | 'choice' | 'secret';
  readonly description?: string;
  /** As a person would type it. */
  readonly default?: string;
  /** There where {@link type} is `choice`. */
  readonly choices?: readonly string[];
  /** Matches the whole value. */
  readonly pattern?: string;
  /** Whether a run cannot start without a value; true where there is no default, unless the author says otherwise. */
  readonly required: boolean;
  readonly example?: string;
}

/** The inputs that a runbook declares. Those with a mistake in them are left out and are a diagnostic. */
export function declaredInputs(
  frontMatter: FrontMatter | undefined,
  source: string,
): { inputs: InputSpec[]; diagnostics: Diagnostic[] } {
  const declared = frontMatter?.values.inputs;
  if (declared === undefined || declared === null) return { inputs: [], diagnostics: [] };
  const places = new FrontMatterPlaces(source);
  if (!isRecord(declared)) {
    const message = '`inputs` is not a list of names, each with what it is';
    return { inputs: [], diagnostics: [places.error(['inputs'], { code, message, hint: longForm })] };
  }
  const reader = new InputReader(places);
  const inputs = Object.entries(declared).flatMap(([name, value]) => reader.read(name, value) ?? []);
  return { inputs, diagnostics: reader.diagnostics };
}

/** What is wrong with a value, in words for who typed it; nothing where it can be used. */
export function checkInput(spec: Omit<InputSpec, keyof Position>, text: string): string | undefined {
  if (text === '') return spec.required ? 'Needs a value.' : undefined;
  if (text.length > longest) return `Is longer than ${longest} characters.`;
  if (text.includes('\0')) return 'Has a NUL character in it, which no variable can hold.';
  if (spec.type === 'secret') {
    const problem = secretProblem(text);
    if (problem !== undefined) return problem;
  }
  if (spec.type === 'number' && !isNumber(text)) return 'Must be a number, like 3, -1 or 0.5.';
  if (spec.type === 'boolean' && text !== 'true' && text !== 'false') return 'Must be true or false.';
  if (spec.type === 'choice' && !spec.choices?.includes(text)) {
    return `Must be one of ${spec.choices?.join(', ')}.`;
  }
  if (spec.pattern === undefined) return undefined;
  if (text.length > longestMatched) return `Is longer than ${longestMatched} characters.`;
  if (linearPattern(spec.pattern).pattern?.matches(text)) return undefined;
  const example = spec.example === undefined ? '' : `, like ${spec.example}`;
  return `Must match ${spec.pattern}${example}.`;
}

/** The environment variable that an input reaches cells by. */
export function inputVariable(name: string): string {
  return name;
}

/** Half of what Linux allows one variable, in characters of one byte. */
const longest = 65_536;

/** What is compared with a pattern is a name or a number, and checked at each keystroke. */
const longestMatched = 1024;

const code = 'bad-input';
const longForm = 'Write `name: {type: string, description: "…"}`.';

/** As JSON has it, and finite: what all languages read as the same number. */
function isNumber(text: string): boolean {
  return Number.isFinite(Number(text)) && /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text);
}

const types = ['string', 'number', 'boolean', 'choice', 'secret'] as const;
const keys: ReadonlySet<string> = new Set([
  'type',
  'description',
  'default',
  'choices',
  'pattern',
  'required',
  'example',
]);

class InputReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #places: FrontMatterPlaces;

  constructor(places: FrontMatterPlaces) {
    this.#places = places;
  }

  /** Undefined where a mistake keeps it from being used. */
  read(name: string, value: unknown): InputSpec | undefined {
    const path = ['inputs', name];
    const before = this.diagnostics.length;
    const wrongName = variableNameProblem('input', name);
    if (wrongName) this.#wrong(path, wrongName.message, wrongName.hint);
    const spec = this.#spec(name, path, isRecord(value) ? value : undefined, value);
    return this.diagnostics.length === before ? spec : undefined;
  }

  #spec(
    name: string,
    path: KeyPath,
    long: Readonly<Record<string, unknown>> | undefined,
    value: unknown,
  ): InputSpec {
    const given = long ?? shortForm(value);
    const choices = this.#choices(long ? [...path, 'choices'] : path, given.choices);
    const preset = this.#text(long ? [...path, 'default'] : path, given.default);
    const spec = {
      name,
      type: this.#type(path, given, choices),
      ...optional('description', this.#text([...path, 'description'], given.description)),
      ...optional('default', preset),
      ...optional('choices', choices),
      ...optional('pattern', this.#text([...path, 'pattern'], given.pattern)),
      ...optional('example', this.#text([...path, 'example'], given.example)),
      required: this.#required(path, given.required) ?? preset === undefined,
      ...this.#places.key(path),
    };
    this.#check(path, spec, Object.keys(given));
    return spec;
  }

  #check(path: KeyPath, spec: InputSpec, given: readonly string[]): void {
    for (const key of given.filter(one => !keys.has(one))) {
      this.#wrong([...path, key], `An input has no \`${key}\``, `It can have ${[...keys].join(', ')}.`);
    }
    if (spec.type === 'choice' && !spec.choices?.length) {
      this.#wrong(path, `\`${spec.name}\` is a choice without \`choices\``, 'Write `choices: [a, b]`.');
    }
    if (spec.type !== 'choice' && spec.choices) {
      this.#wrong(path, `\`${spec.name}\` has \`choices\` and is a ${spec.type}`, 'Write `type: choice`.');
    }
    if (spec.type === 'secret' && spec.default !== undefined) {
      const hint = 'Take `default` away, or declare it below `secrets` with where it is kept.';
      this.#wrong(
        [...path, 'default'],
        `\`${spec.name}\` is a secret, and its value stands in the file`,
        hint,
      );
      return;
    }
    const problem = spec.pattern === undefined ? undefined : linearPattern(spec.pattern).problem;
    if (problem !== undefined) {
      this.#wrong([...path, 'pattern'], `The pattern of \`${spec.name}\` cannot be used: ${problem}`);
      return;
    }
    if (spec.default === undefined || (spec.type === 'choice' && !spec.choices?.length)) return;
    const wrong = checkInput({ ...spec, required: false }, spec.default);
    if (wrong !== undefined) {
      this.#wrong(
        [...path, 'default'],
        `The default of \`${spec.name}\`, \`${spec.default}\`, is wrong: ${wrong}`,
      );
    }
  }

  #type(path: KeyPath, given: Readonly<Record<string, unknown>>, choices: unknown): InputSpec['type'] {
    if (given.type === undefined) {
      if (choices !== undefined) return 'choice';
      const type = typeof given.default;
      return type === 'number' || type === 'bigint' ? 'number' : type === 'boolean' ? 'boolean' : 'string';
    }
    const type = types.find(one => one === given.type);
    if (type === undefined) {
      const message = `\`${scalarText(given.type) ?? 'this'}\` is no type of an input`;
      this.#wrong([...path, 'type'], message, `Types are ${types.join(', ')}.`);
    }
    return type ?? 'string';
  }

  #choices(path: KeyPath, value: unknown): readonly string[] | undefined {
    if (value === undefined || value === null) return undefined;
    const list = Array.isArray(value) ? value.map((item, at) => this.#text([...path, at], item)) : [];
    if (list.length > 0) return list.filter(item => item !== undefined);
    this.#wrong(path, '`choices` is not a list of values', 'Write `choices: [a, b]`.');
    return undefined;
  }

  #required(path: KeyPath, value: unknown): boolean | undefined {
    if (value === undefined || value === null || typeof value === 'boolean') return value ?? undefined;
    this.#wrong([...path, 'required'], '`required` is neither `true` nor `false`');
    return undefined;
  }

  /** The value as the author wrote it, so that version 1.10 stays 1.10. */
  #text(path: KeyPath, value: unknown): string | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') {
      const text = this.#places.written(path) ?? scalarText(value);
      if (text !== undefined) return text;
      this.#wrong(path, `\`${path.at(-1)}\` is not one text or number`);
    }
    return typeof value === 'string' ? value : undefined;
  }

  #wrong(path: KeyPath, message: string, hint?: string): void {
    const where = keys.has(String(path[2])) ? { at: 'value' as const } : {};
    this.diagnostics.push(
      this.#places.error(path, { code, message, ...(hint === undefined ? {} : { hint }), ...where }),
    );
  }
}

/** `region: string` gives the type, `region: eu-west-1` the default, `region: [a, b]` the choices. */
function shortForm(value: unknown): Readonly<Record<string, unknown>> {
  if (value === null || value === undefined) return {};
  if (Array.isArray(value)) return { choices: value };
  return types.some(type => type === value) ? { type: value } : { default: value };
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
