import { changesBetween, type Environment, revealAll, type SessionState } from '../sessionState';
import { bashBootstrap, bashFunctions, bashTraps } from './bashScript';
import {
  type BashSnapshot,
  ephemeral,
  hideSnapshot,
  loadSnapshot,
  saveSnapshot,
  scalar,
  splitSections,
  takeSnapshot,
} from './bashSnapshot';
import { declare } from './declarations';
import type { ShellCell, ShellDialect, ShellReport, ShellScript } from './dialect';
import { strictOptions } from './plainShell';
import { isIdentifier, quote, toBytes, fromBytes } from './quote';
import { evaluateCode, SecretReferences } from './secretReferences';

/** Options that no cell of a document can mean for the next one. */
const keptOff = new Set(['noexec', 'onecmd', 'privileged']);

/** Variables that decide how bash reads what it is given, so they have to be there from the start. */
const localeNames = ['LC_ALL', 'LC_CTYPE', 'LANG'];

/** bash, from 3.2 on: one for each cell, which restores the session's state and writes it when it ends. */
export function createBash(before?: BashSnapshot): ShellDialect {
  let kept = before;
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
    copy: () => createBash(kept),
    hide: state => void (kept &&= hideSnapshot(kept, state)),
    save: client => kept && saveSnapshot(kept, client),
    load: saved => void (kept = loadSnapshot(saved)),
  };
}

function buildScript(cell: ShellCell, state: SessionState, kept: BashSnapshot | undefined): ShellScript {
  const references = new SecretReferences(state.secrets);
  const functions = kept?.functions ?? '';
  const replaced = references.inCode(functions);
  const words = [
    [...(kept?.variables.values() ?? [])].map(declare).join(''),
    foreignChanges(state, kept),
    assignments(cell.env),
  ].join('');
  const parts = [
    '\\builtin shopt -u expand_aliases\n\\builtin shopt -s extglob\n',
    replaced === undefined ? functions : evaluateCode(quote(functions), replaced),
    // Before the variables: POSIXLY_CORRECT among them forbids functions of these names.
    bashFunctions(quote(toBytes(cell.statePath))),
    references.inWords(words),
    bashTraps,
    references.inWords(`\\builtin set -- ${kept?.positional ?? ''}\n`),
    `\\builtin umask ${state.umask.toString(8)}\n`,
    kept?.shopts ?? '\\builtin shopt -u extglob\n\\builtin shopt -s expand_aliases\n',
    references.inWords(kept?.aliases ?? ''),
  ];
  const lines = cell.line > 1 ? '\n'.repeat(cell.line - 1) : '; ';
  const ours = ['__handrail', '__handrail_cell', ...references.env.keys()].join(' ');
  const opening = `\\builtin unset -v ${ours}; ${emptied(cell)}\\builtin set ${options(cell, kept)}`;
  return {
    args: ['--noprofile', '--norc', '-c', bashBootstrap, cell.name, cell.path],
    content: `${parts.join('')}\0${opening}${lines}${cell.text}\0`,
    env: new Map([...revealAll(startEnvironment(state, kept), state.secrets), ...references.env]),
  };
}

/** A cell that goes on alone empties its file, which nobody else would remove. */
function emptied(cell: ShellCell): string {
  return cell.alone === true ? `: >|${quote(toBytes(cell.path))}; ` : '';
}

/** What cells of other languages have changed since, or the client's whole environment for the first cell. */
function foreignChanges(state: SessionState, kept: BashSnapshot | undefined): string {
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
function options(cell: ShellCell, kept: BashSnapshot | undefined): string {
  const wanted = new Map(kept?.options);
  if (cell.strict) for (const name of strictOptions) wanted.set(name, true);
  for (const name of keptOff) wanted.delete(name);
  return [...wanted].map(([name, on]) => `${on ? '-' : '+'}o ${name}`).join(' ') || '+e';
}

function startEnvironment(state: SessionState, kept: BashSnapshot | undefined): Environment {
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

/** `CALLED LINE STATUS`: where the outermost function was called when the shell ended within one, and the last ERR. */
function failedCommand(text: string): ShellReport['failed'] {
  const [called = 0, line = 0, status = 0] = text.split(' ').map(Number);
  if (called > 0) return { line: called, status: -1 };
  return line > 0 ? { line, status } : undefined;
}
