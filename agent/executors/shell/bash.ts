import { changesBetween, type Environment, type SessionState } from '../sessionState';
import { bashBootstrap, bashHooks, bashSections } from './bashScript';
import { declare, type Declaration, parseDeclarations, unquote } from './declarations';
import type { ShellCell, ShellDialect, ShellReport, ShellScript } from './dialect';
import { readOptions, strictOptions } from './plainShell';
import { fromBytes, isIdentifier, quote, toBytes } from './quote';

/** What a session keeps of bash between cells. Text as bash printed it, one character a byte. */
interface Snapshot {
  readonly variables: ReadonlyMap<string, Declaration>;
  readonly functions: string;
  readonly aliases: string;
  readonly shopts: string;
  readonly positional: string;
  /** `set -o` options by name. */
  readonly options: ReadonlyMap<string, boolean>;
  /** Variables of the client whose names no shell can have; they only pass through. */
  readonly odd: Environment;
  readonly env: () => Environment;
  /** Of the session's state when it was taken. */
  readonly revision: number;
}

/** Variables that bash makes anew, or that are ours. */
const ephemeral =
  /^(?:BASH(?!_ENV$|_REMATCH$|_XTRACEFD$|_COMPAT$).*|__handrail.*|HANDRAIL_HOST|HANDRAIL_CELL|_|PWD|SHLVL|E?UID|PPID|SHELLOPTS|GROUPS|DIRSTACK|FUNCNAME|LINENO|S?RANDOM|SECONDS|EPOCH\w*|HISTCMD|PIPESTATUS|COMP_WORDBREAKS)$/;

/** Options that no cell of a document can mean for the next one. */
const keptOff = new Set(['noexec', 'onecmd', 'privileged']);

/** Variables that decide how bash reads what it is given, so they have to be there from the start. */
const localeNames = ['LC_ALL', 'LC_CTYPE', 'LANG'];

/** bash, from 3.2 on: one for each cell, which restores the session's state and writes it when it ends. */
export function createBash(): ShellDialect {
  let kept: Snapshot | undefined;
  return {
    script: (cell, state) => buildScript(cell, state, kept),
    accept(written, cell, state) {
      const sections = splitSections(written);
      if (sections === undefined) return undefined;
      kept = takeSnapshot(sections, cell, kept, state);
      const { cwd = '', umask = '' } = sections;
      const failed = failedCommand(sections.failed ?? '');
      return {
        cwd: fromBytes(cwd),
        umask: parseInt(umask, 8),
        env: kept.env,
        ...(failed && { failed }),
      } satisfies ShellReport;
    },
  };
}

function buildScript(cell: ShellCell, state: SessionState, kept: Snapshot | undefined): ShellScript {
  const parts = [
    '\\builtin shopt -u expand_aliases\n\\builtin shopt -s extglob\n',
    kept?.functions ?? '',
    [...(kept?.variables.values() ?? [])].map(declare).join(''),
    foreignChanges(state, kept),
    assignments(cell.env),
    bashHooks(quote(toBytes(cell.path))),
    `\\builtin set -- ${kept?.positional ?? ''}\n\\builtin umask ${state.umask.toString(8)}\n`,
    kept?.shopts ?? '\\builtin shopt -u extglob\n\\builtin shopt -s expand_aliases\n',
    kept?.aliases ?? '',
  ];
  const lines = cell.line > 1 ? '\n'.repeat(cell.line - 1) : '; ';
  const opening = `\\builtin unset -v __handrail __handrail_cell; \\builtin set ${options(cell, kept)}`;
  return {
    args: ['--noprofile', '--norc', '-c', bashBootstrap, cell.name, cell.path],
    content: `${parts.join('')}\0${opening}${lines}${cell.text}\0`,
    env: startEnvironment(state, kept),
  };
}

/** What cells of other languages have changed since, or the client's whole environment for the first cell. */
function foreignChanges(state: SessionState, kept: Snapshot | undefined): string {
  if (kept?.revision === state.revision) return '';
  return assignments(changesBetween(kept?.env() ?? new Map(), state.env));
}

function assignments(changes: ReadonlyMap<string, string | undefined>): string {
  const lines: string[] = [];
  for (const [name, value] of changes) {
    if (!isIdentifier(name) || (name !== 'SHLVL' && ephemeral.test(name))) continue;
    lines.push(
      value === undefined
        ? `\\builtin unset -v ${name}\n`
        : `\\builtin export ${name}=${quote(toBytes(value))}\n`,
    );
  }
  return lines.join('');
}

/** Last of all before the cell, on its own line, so that -x, -e and -u see nothing of ours. */
function options(cell: ShellCell, kept: Snapshot | undefined): string {
  const wanted = new Map(kept?.options);
  if (cell.strict) for (const name of strictOptions) wanted.set(name, true);
  for (const name of keptOff) wanted.delete(name);
  return [...wanted].map(([name, on]) => `${on ? '-' : '+'}o ${name}`).join(' ') || '+e';
}

function startEnvironment(state: SessionState, kept: Snapshot | undefined): Environment {
  const env = new Map<string, string>([['PWD', state.cwd]]);
  for (const name of localeNames) {
    const value = kept === undefined ? state.env.get(name) : scalar(kept.variables.get(name));
    if (value !== undefined) env.set(name, value);
  }
  const odd = kept?.odd ?? [...state.env].filter(([name]) => !isIdentifier(name));
  // Functions that the client exported are in the snapshot, as the session has them now.
  for (const [name, value] of odd)
    if (kept === undefined || !name.startsWith('BASH_FUNC_')) env.set(name, value);
  return env;
}

function splitSections(written: string): Partial<Record<(typeof bashSections)[number], string>> | undefined {
  const parts = written.split('\0');
  if (parts.length !== bashSections.length + 1 || parts[bashSections.length - 1] !== 'end') return undefined;
  return Object.fromEntries(bashSections.map((name, index) => [name, parts[index] ?? '']));
}

function takeSnapshot(
  sections: Partial<Record<(typeof bashSections)[number], string>>,
  cell: ShellCell,
  before: Snapshot | undefined,
  state: SessionState,
): Snapshot {
  const variables = parseDeclarations(sections.variables ?? '');
  for (const name of variables.keys()) if (ephemeral.test(name)) variables.delete(name);
  const previous = (name: string): Declaration | undefined =>
    before?.revision === state.revision ? before.variables.get(name) : foreign(name, state);
  for (const [name, value] of cell.env) {
    // A variable that was set for this cell only, and that the cell left alone, gets its former value.
    if (scalar(variables.get(name)) !== value) continue;
    const former = previous(name);
    if (former === undefined) variables.delete(name);
    else variables.set(name, former);
  }
  const odd = before?.odd ?? new Map([...state.env].filter(([name]) => !isIdentifier(name)));
  return {
    variables,
    functions: (sections.functions ?? '') + (sections.exported ?? ''),
    aliases: sections.aliases ?? '',
    shopts: sections.shopts ?? '',
    positional: sections.positional ?? '',
    options: readOptions(sections.options ?? '', cell.strict, before?.options),
    odd,
    env: memoised(() => new Map([...odd, ...exported(variables)])),
    revision: state.revision + 1,
  };
}

function foreign(name: string, state: SessionState): Declaration | undefined {
  const value = state.env.get(name);
  return value === undefined ? undefined : { name, flags: 'x', value: quote(toBytes(value)) };
}

function* exported(variables: ReadonlyMap<string, Declaration>): Iterable<[string, string]> {
  for (const declaration of variables.values()) {
    const value = declaration.flags.includes('x') ? scalar(declaration) : undefined;
    if (value !== undefined) yield [declaration.name, value];
  }
}

function scalar(declaration: Declaration | undefined): string | undefined {
  if (declaration?.value === undefined || /[aAn]/.test(declaration.flags)) return undefined;
  return unquote(declaration.value);
}

/** `CALLED LINE STATUS`: where the outermost function was called when the shell ended within one, and the last ERR. */
function failedCommand(text: string): ShellReport['failed'] {
  const [called = 0, line = 0, status = 0] = text.split(' ').map(Number);
  if (called > 0) return { line: called, status: -1 };
  return line > 0 ? { line, status } : undefined;
}

function memoised<T>(compute: () => T): () => T {
  let value: { readonly it: T } | undefined;
  return () => (value ??= { it: compute() }).it;
}
