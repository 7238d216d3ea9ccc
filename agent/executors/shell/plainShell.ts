import { changesBetween, type Environment, revealAll, type SessionState } from '../sessionState';
import type { SavedShell, ShellCell, ShellDialect, ShellReport, ShellScript } from './dialect';
import { fishQuoting, hideInValues, type Quoting } from './hideInWords';
import { fromBytes, quote } from './quote';
import { readOptionTable, readText } from './savedShell';
import { SecretReferences } from './secretReferences';

/** What a shell wrote when it ended, taken apart. One character a byte. */
export interface Written {
  /** `LINE STATUS` of the last command that failed, or nothing. */
  readonly failed: string;
  readonly cwd: string;
  /** Octal. */
  readonly umask: string;
  /** Lines `set -o NAME` or `set +o NAME`. */
  readonly options: string;
  /** Commands that define functions. */
  readonly functions: string;
  /** Commands that bring back all the rest but exported variables. */
  readonly script: string;
  readonly env: Environment;
}

/** How one shell differs from the others; see {@link createShell}. */
export interface ShellTraits {
  /** Arguments that make it run the cell's file. */
  args(cell: ShellCell): readonly string[];
  /** Commands before the restored state: what writes the state into the cell's file when the shell ends. */
  hooks(cell: ShellCell): string;
  /** Commands after it, such as those that set options, on one line. */
  opening(cell: ShellCell, options: ReadonlyMap<string, boolean>): string;
  /** What is run in place of the cell's text, line for line. */
  text?(cell: ShellCell): string;
  /** The cell's text is a quoted variable, for a shell that cannot read up to a NUL. */
  readonly quoted: boolean;
  readonly quoting: Quoting;
  /** Code with placeholders in it, evaluated with the values of variables in their place. */
  evaluate(code: string, replaced: ReadonlyMap<string, string>): string;
  /** Beginnings of commands in {@link Written.script}: what follows is values. */
  readonly heads: RegExp;
  /** Brings an environment back over what the state has restored; `changes`: what the shell did not leave so. */
  restore(env: Environment, changes: ReadonlyMap<string, string | undefined>): string;
  /** A command that empties the cell's file. */
  empty(cell: ShellCell): string;
  /** A command that unsets variables. */
  unset(names: readonly string[]): string;
  /** Undefined where it is not whole. */
  read(written: string): Written | undefined;
}

interface Kept {
  readonly functions: string;
  readonly script: string;
  readonly options: ReadonlyMap<string, boolean>;
  readonly env: Environment;
}

/** Options of strict cells, which are the cell's and not the session's. */
export const strictOptions = ['errexit', 'pipefail'];

/** A shell whose exported variables come and go through its environment. */
export function createShell(traits: ShellTraits, before?: Kept): ShellDialect {
  let kept = before;
  return {
    script: (cell, state) => buildScript(traits, cell, state, kept),
    accept(written, cell, state): ShellReport | undefined {
      const found = traits.read(written);
      if (found === undefined) return undefined;
      const options = readOptions(found.options, cell.strict, kept?.options);
      const { functions, script } = hideIn(found, traits, state);
      const env = withoutOwn(found.env, cell, state);
      kept = { functions, script, options, env };
      const [line = 0, status = 0] = found.failed.split(' ').map(Number);
      return {
        cwd: fromBytes(found.cwd),
        umask: parseInt(found.umask, 8),
        env: () => env,
        ...(line > 0 && { failed: { line, status } }),
      };
    },
    copy: () => createShell(traits, kept),
    hide(state) {
      if (kept === undefined) return;
      const env = new Map([...kept.env].map(([name, value]) => [name, state.secrets.hide(value)]));
      kept = { ...kept, ...hideIn(kept, traits, state), env };
    },
    save: () =>
      kept && { functions: kept.functions, script: kept.script, options: Object.fromEntries(kept.options) },
    load(saved: SavedShell) {
      kept = {
        functions: readText(saved, 'functions'),
        script: readText(saved, 'script'),
        options: readOptionTable(saved),
        env: new Map(),
      };
    },
  };
}

function buildScript(
  traits: ShellTraits,
  cell: ShellCell,
  state: SessionState,
  kept: Kept | undefined,
): ShellScript {
  const references = new SecretReferences(state.secrets);
  const env = new Map([...state.env, ['PWD', state.hiddenCwd], ...cell.env]);
  for (const name of ['BASH_ENV', 'ENV', 'ZDOTDIR']) env.delete(name);
  const functions = kept?.functions ?? '';
  const replaced = references.inCode(functions);
  const changes = kept === undefined ? new Map() : changesBetween(kept.env, env);
  const before = [
    traits.hooks(cell),
    replaced === undefined ? functions : traits.evaluate(functions, replaced),
    references.inWords((kept?.script ?? '') + traits.restore(env, changes), traits.quoting === fishQuoting),
    `umask ${state.umask.toString(8).padStart(4, '0')}\n`,
  ].join('');
  const names = [...references.env.keys()];
  const unset = names.length === 0 ? '' : `${traits.unset(names)}; `;
  const emptied = cell.alone === true ? `${traits.empty(cell)}; ` : '';
  const opening = unset + emptied + traits.opening(cell, kept?.options ?? new Map());
  const text = `${opening}${cell.line > 1 ? '\n'.repeat(cell.line - 1) : '; '}${traits.text?.(cell) ?? cell.text}`;
  const content = traits.quoted ? `${before}__handrail_cell=${quote(text)}\n` : `${before}\0${text}\0`;
  return {
    args: traits.args(cell),
    content,
    env: new Map([...revealAll(env, state.secrets), ...references.env]),
  };
}

function hideIn(
  { functions, script }: Pick<Kept, 'functions' | 'script'>,
  { heads, quoting }: ShellTraits,
  { secrets }: SessionState,
): Pick<Kept, 'functions' | 'script'> {
  return {
    functions: secrets.hideBytes(functions),
    script: hideInValues(script, heads, secrets, quoting),
  };
}

/** Reads lines `set -o NAME`; of a strict cell the session keeps for the strict options what it had before. */
export function readOptions(
  text: string,
  strict: boolean,
  before: ReadonlyMap<string, boolean> | undefined,
): Map<string, boolean> {
  const found = new Map<string, boolean>();
  for (const [, sign, name = ''] of text.matchAll(/^set ([-+])o (\S+)$/gm)) found.set(name, sign === '-');
  for (const name of strict ? strictOptions : []) {
    if (found.has(name)) found.set(name, found.get(name) === true && before?.get(name) === true);
  }
  return found;
}

/**
 * An environment with secrets hidden. A variable that was set for this cell only, and that the cell left alone, gets
 * its former value.
 */
export function withoutOwn(
  env: Environment,
  cell: { readonly env: Environment },
  state: SessionState,
): Map<string, string> {
  const { secrets } = state;
  const after = new Map([...env].map(([name, value]) => [name, secrets.hide(value)]));
  for (const [name, value] of cell.env) {
    if (env.get(name) !== secrets.reveal(value)) continue;
    const former = state.env.get(name);
    if (former === undefined) after.delete(name);
    else after.set(name, former);
  }
  for (const name of ['HANDRAIL_HOST', 'HANDRAIL_CELL', 'HANDRAIL_HOLD', '_']) after.delete(name);
  return after;
}

/** Entries `NAME=value` as an environment. */
export function readEnvironment(entries: readonly string[]): Map<string, string> {
  return new Map(
    entries.map(entry => {
      const at = entry.indexOf('=');
      return [entry.slice(0, at), fromBytes(entry.slice(at + 1))];
    }),
  );
}

/** Sections ended by NUL: failed, cwd, umask, options, functions, script, the environment's entries, `end`. */
export function readSections(written: string): Written | undefined {
  const parts = written.split('\0');
  if (parts.length < 8 || parts.at(-2) !== 'end') return undefined;
  const [failed = '', cwd = '', umask = '', options = '', functions = '', script = '', ...rest] = parts;
  return { failed, cwd, umask, options, functions, script, env: readEnvironment(rest.slice(0, -2)) };
}
