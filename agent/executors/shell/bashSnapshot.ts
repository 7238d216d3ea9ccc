import type { HiddenSecrets } from '../hiddenSecrets';
import type { Environment, SessionState } from '../sessionState';
import { bashSections } from './bashScript';
import { type Declaration, parseDeclarations, unquote } from './declarations';
import type { SavedShell, ShellCell } from './dialect';
import { hideInValues, hideInWords, posixQuoting } from './hideInWords';
import { readOptions } from './plainShell';
import { isIdentifier, quote, toBytes } from './quote';
import { readOptionTable, readText } from './savedShell';

/** What a session keeps of bash between cells. Text as bash printed it, one character a byte; secrets hidden. */
export interface BashSnapshot {
  readonly variables: ReadonlyMap<string, Declaration>;
  readonly functions: string;
  readonly aliases: string;
  readonly shopts: string;
  readonly positional: string;
  /** `set -o` options by name. */
  readonly options: ReadonlyMap<string, boolean>;
  /** Variables of the client whose names no shell can have; they only pass through. */
  readonly odd: Environment | undefined;
  readonly env: () => Environment;
  /** Of the session's state when it was taken. */
  readonly revision: number;
}

/** Variables that bash makes anew, or that are ours. */
export const ephemeral =
  /^(?:BASH(?!_ENV$|_REMATCH$|_XTRACEFD$|_COMPAT$).*|__handrail.*|HANDRAIL_HOST|HANDRAIL_CELL|HANDRAIL_HOLD|_|PWD|SHLVL|E?UID|PPID|SHELLOPTS|GROUPS|DIRSTACK|FUNCNAME|LINENO|S?RANDOM|SECONDS|EPOCH\w*|HISTCMD|PIPESTATUS|COMP_WORDBREAKS)$/;

/** Functions of {@link import('./bashScript').bashFunctions}, as bash lists them. */
const ours =
  /^(?:__handrail_end \(\) \n\{ \n[^]*?\n\}\n|trap \(\) \n\{ \n {4}if \[\[ \$BASH_SUBSHELL[^]*?\n\}\n)/gm;

export type Sections = Partial<Record<(typeof bashSections)[number], string>>;

/** Takes apart what a shell wrote when it ended; undefined where it is not whole. */
export function splitSections(written: string): Sections | undefined {
  const parts = written.split('\0');
  if (parts.length !== bashSections.length + 1 || parts[bashSections.length - 1] !== 'end') return undefined;
  return Object.fromEntries(bashSections.map((name, index) => [name, parts[index] ?? '']));
}

/** The state after a cell. */
export function takeSnapshot(
  sections: Sections,
  cell: ShellCell,
  before: BashSnapshot | undefined,
  state: SessionState,
): BashSnapshot {
  const variables = parseDeclarations(sections.variables ?? '');
  for (const name of variables.keys()) if (ephemeral.test(name)) variables.delete(name);
  const previous = (name: string): Declaration | undefined =>
    before?.revision === state.revision ? before.variables.get(name) : foreign(name, state);
  for (const [name, value] of cell.env) {
    // A variable that was set for this cell only, and that the cell left alone, gets its former value.
    if (scalar(variables.get(name)) !== state.secrets.reveal(value)) continue;
    const former = previous(name);
    if (former === undefined) variables.delete(name);
    else variables.set(name, former);
  }
  const odd = before?.odd ?? new Map([...state.env].filter(([name]) => !isIdentifier(name)));
  const texts = {
    variables,
    functions: (sections.functions ?? '').replace(ours, '') + (sections.exported ?? ''),
    aliases: sections.aliases ?? '',
    positional: sections.positional ?? '',
  };
  return {
    ...texts,
    shopts: sections.shopts ?? '',
    options: readOptions(sections.options ?? '', cell.strict, before?.options),
    odd,
    ...hidden(texts, odd, state.secrets),
    revision: state.revision + 1,
  };
}

/** The same with what has become known as a secret hidden. */
export function hideSnapshot(kept: BashSnapshot, { secrets }: SessionState): BashSnapshot {
  const odd = kept.odd && new Map([...kept.odd].map(([name, value]) => [name, secrets.hide(value)]));
  return { ...kept, odd, ...hidden(kept, odd, secrets) };
}

/** As JSON; exported variables that are as the client has them are left out. */
export function saveSnapshot(kept: BashSnapshot, client: Environment): SavedShell {
  const { functions, aliases, shopts, positional } = kept;
  const variables: (readonly [string, string, string?])[] = [];
  for (const { name, flags, value } of kept.variables.values()) {
    if (flags === 'x' && value !== undefined && unquote(value) === client.get(name)) continue;
    variables.push(value === undefined ? [name, flags] : [name, flags, value]);
  }
  const options = Object.fromEntries(kept.options);
  return { variables, functions, aliases, shopts, positional, options };
}

/** The other way. Its revision is nobody's, so that the environment is brought over it. */
export function loadSnapshot(saved: SavedShell): BashSnapshot {
  if (!Array.isArray(saved['variables'])) throw new TypeError('variables is no list');
  const variables = new Map<string, Declaration>();
  for (const [name, flags, value] of saved['variables'] as unknown[][]) {
    if (typeof name !== 'string' || typeof flags !== 'string') throw new TypeError('a variable has no name');
    variables.set(name, { name, flags, ...(typeof value === 'string' && { value }) });
  }
  return {
    variables,
    functions: readText(saved, 'functions'),
    aliases: readText(saved, 'aliases'),
    shopts: readText(saved, 'shopts'),
    positional: readText(saved, 'positional'),
    options: readOptionTable(saved),
    odd: undefined,
    env: memoised(() => new Map(exported(variables))),
    revision: -1,
  };
}

/** The text of a variable that is no array; undefined for one that is, and where there is none. */
export function scalar(declaration: Declaration | undefined): string | undefined {
  if (declaration?.value === undefined || /[aAn]/.test(declaration.flags)) return undefined;
  return unquote(declaration.value);
}

type Texts = Pick<BashSnapshot, 'variables' | 'functions' | 'aliases' | 'positional'>;

function hidden(
  texts: Texts,
  odd: Environment | undefined,
  secrets: HiddenSecrets,
): Texts & Pick<BashSnapshot, 'env'> {
  const variables = secrets.none
    ? texts.variables
    : new Map([...texts.variables].map(([name, variable]) => [name, hideIn(variable, secrets)]));
  return {
    variables,
    functions: secrets.hideBytes(texts.functions),
    aliases: hideInValues(texts.aliases, /^alias (?:-- )?[^=\n]+=/gm, secrets, posixQuoting),
    positional: hideInWords(texts.positional, secrets, posixQuoting),
    env: memoised(() => new Map([...(odd ?? []), ...exported(variables)])),
  };
}

function hideIn(variable: Declaration, secrets: HiddenSecrets): Declaration {
  const { value } = variable;
  return value === undefined ? variable : { ...variable, value: hideInWords(value, secrets, posixQuoting) };
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

function memoised<T>(compute: () => T): () => T {
  let value: { readonly it: T } | undefined;
  return () => (value ??= { it: compute() }).it;
}
