import { isFalse, isTrue } from './attributes';
import type { Cell, Diagnostic, FrontMatter } from './model';
import { OptionValues } from './optionValues';
import { variableNameProblem } from './variableNames';

/** A cell's attributes with their types and defaults (design: attribute table). Durations are milliseconds. */
export interface CellOptions {
  readonly needs: readonly string[];
  readonly when?: string;
  readonly unless?: string;
  readonly verify?: string;
  readonly rollback?: string;
  /** `true`: ask in our words. */
  readonly confirm?: string | true;
  readonly timeout?: number;
  readonly retries: number;
  readonly retryDelay: number;
  readonly onError: 'stop' | 'continue' | 'rollback';
  readonly strict: boolean;
  readonly effect: 'read' | 'change' | 'destroy';
  readonly lock?: string;
  readonly env: Readonly<Record<string, string>>;
  /** As written, relative to the runbook. */
  readonly cwd?: string;
  readonly background: false | 'run' | 'detach';
  readonly ready?: string;
  readonly tty: 'auto' | 'always' | 'never';
  readonly target: string;
  /** A container of its own for the step, where the target is an image. */
  readonly fresh: boolean;
  /** As whom it runs in a container: a name or a number, also with a group: `1000:1000`. */
  readonly user?: string;
  readonly output?: string;
  readonly expectExit: readonly number[];
  readonly tags: readonly string[];
  readonly exclude: boolean;
  readonly parallel?: string;
  readonly mime?: string;
  readonly interpreter?: readonly string[];
  readonly placeholders: boolean;
  /** Secrets that the cell gets although its text does not name them. */
  readonly secrets: readonly string[];
  /** Rows of its terminal where nobody's own terminal says otherwise. */
  readonly terminalRows?: number;
}

/** Reads a cell's attributes over the front matter's `defaults`; a wrong value is a diagnostic and its default. */
export function cellOptions(
  cell: Cell,
  frontMatter: FrontMatter | undefined,
): { options: CellOptions; diagnostics: Diagnostic[] } {
  const values = new OptionValues(cell, frontMatter);
  const options: CellOptions = {
    needs: values.list('needs'),
    ...values.text('when'),
    ...values.text('unless'),
    ...values.text('verify'),
    ...values.text('rollback'),
    ...confirmOf(values),
    ...values.duration('timeout'),
    retries: values.count('retries', 0),
    retryDelay: values.duration('retry-delay')['retry-delay'] ?? 2000,
    onError: values.oneOf('on-error', ['stop', 'continue', 'rollback']),
    strict: values.flag('strict', true),
    effect: values.oneOf('effect', ['change', 'read', 'destroy']),
    ...values.text('lock'),
    env: values.variables('env'),
    ...values.text('cwd'),
    background: backgroundOf(values),
    ...values.text('ready'),
    tty: values.oneOf('tty', ['auto', 'always', 'never']),
    target: values.text('target').target ?? 'local',
    fresh: values.flag('fresh', false),
    ...values.text('user'),
    ...outputOf(values),
    expectExit: values.numbers('expect-exit', [0]),
    tags: values.list('tags'),
    exclude: values.flag('exclude', false),
    ...values.text('parallel'),
    ...values.text('mime'),
    ...interpreterOf(values),
    placeholders: placeholdersOf(values),
    secrets: values.list('secrets'),
    ...terminalRowsOf(values),
  };
  return { options, diagnostics: values.diagnostics };
}

function confirmOf(values: OptionValues): { confirm?: string | true } {
  const value = values.raw('confirm');
  if (value === undefined || isFalse(value)) return {};
  return { confirm: isTrue(value) || value === '' ? true : value };
}

function backgroundOf(values: OptionValues): CellOptions['background'] {
  const value = values.raw('background');
  if (value === undefined || isFalse(value)) return false;
  if (value === 'detach') return 'detach';
  if (!isTrue(value) && value !== 'run') values.wrong('background', value, 'a flag, or `detach`');
  return 'run';
}

/** Runme's `promptEnv` (https://docs.runme.dev/configuration/cell-level) says the same in words of its own. */
function placeholdersOf(values: OptionValues): boolean {
  const prompt = values.raw('promptEnv');
  if (prompt === undefined || values.raw('placeholders') !== undefined)
    return values.flag('placeholders', true);
  if (isFalse(prompt) || /^(never|skip|none)$/i.test(String(prompt))) return false;
  if (!isTrue(prompt) && !/^(always|auto)$/i.test(String(prompt))) {
    values.wrong('promptEnv', prompt, '`true`, `false` or `auto`');
  }
  return true;
}

function terminalRowsOf(values: OptionValues): { terminalRows?: number } {
  const rows = values.count('terminalRows', 0);
  return rows > 0 ? { terminalRows: rows } : {};
}

function outputOf(values: OptionValues): { output?: string } {
  const { output } = values.text('output');
  if (output === undefined) return {};
  const problem = variableNameProblem('output', output);
  if (!problem) return { output };
  values.wrong('output', output, `the name of a variable of its own. ${problem.hint.replace(/\.$/, '')}`);
  return {};
}

function interpreterOf(values: OptionValues): { interpreter?: readonly string[] } {
  const { interpreter } = values.text('interpreter');
  if (interpreter === undefined) return {};
  const words = interpreter.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  return { interpreter: words.map(word => word.replace(/^(["'])(.*)\1$/, '$2')) };
}
