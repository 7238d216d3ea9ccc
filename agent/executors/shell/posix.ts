import type { ShellDialect } from './dialect';
import { posixQuoting } from './hideInWords';
import { createShell, type Written } from './plainShell';
import { fromBytes, isIdentifier, quote, toBytes } from './quote';
import { evaluateCode } from './secretReferences';

/**
 * A POSIX sh, where there is no bash: variables, folder, aliases and options. Its functions cannot be listed, so
 * they are their cell's own. https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html
 */
export function createPosix(): ShellDialect {
  return createShell({
    args: cell => ['-c', '. "$1"; shift; eval "$__handrail_cell"', cell.name, cell.path],
    hooks: cell => hooks(quote(toBytes(cell.statePath))),
    opening(cell, options) {
      const set = [...options].map(([name, on]) => `set ${on ? '-' : '+'}o ${name}; `).join('');
      return `${set}${cell.strict ? 'if (set -o pipefail) 2>/dev/null; then set -o pipefail; fi; set -e' : ':'}`;
    },
    quoted: true,
    quoting: posixQuoting,
    evaluate: (code, replaced) => evaluateCode(quote(code), replaced),
    heads: /^(?:alias ')?[A-Za-z_]\w*=/gm,
    restore: (env, changes) =>
      [...changes]
        .filter(([name, value]) => value === undefined && isIdentifier(name))
        .map(([name]) => `unset ${name}\n`)
        .join('') +
      [...env]
        .filter(([name]) => isIdentifier(name))
        .map(([name, value]) => `export ${name}=${quote(toBytes(value))}\n`)
        .join(''),
    empty: cell => `: >|${quote(toBytes(cell.path))}`,
    unset: names => `unset ${names.join(' ')}`,
    read,
  });
}

/** Variables that a shell sets by itself, or that are ours. */
const ephemeral =
  /^(?:__handrail.*|HANDRAIL_HOST|HANDRAIL_CELL|HANDRAIL_HOLD|_|PPID|LINENO|PWD|OPTIND|SHLVL|FUNCNAME|RANDOM|SECONDS|PS[124])$/;

/** Sections: cwd, umask, options, all variables, exported ones, aliases, `end`. */
function read(written: string): Written | undefined {
  const parts = written.split('\0');
  if (parts.length !== 8 || parts[6] !== 'end') return undefined;
  const [cwd = '', umask = '', options = '', all = '', exported = '', aliases = ''] = parts;
  const env = new Map(assignments(exported).map(([name, value]) => [name, fromBytes(value)]));
  const plain = assignments(all).filter(([name]) => !env.has(name) && !ephemeral.test(name));
  const named = assignments(aliases).filter(([name]) => name !== 'trap');
  const script =
    plain.map(([name, value]) => `${name}=${quote(value)}\n`).join('') +
    named.map(([name, value]) => `alias ${quote(`${name}=${value}`)}\n`).join('');
  return { failed: '', cwd, umask, options, functions: '', script, env };
}

const assignment =
  /^(?:export |declare -x |alias )?([^\s='"]+)=((?:'[^']*'|"(?:[^"\\]|\\[\s\S])*"|\\[\s\S]|[^\s'"\\])*)$/gm;

function assignments(text: string): [name: string, value: string][] {
  return [...text.matchAll(assignment)].map(([, name = '', value = '']) => [name, unquoted(value)]);
}

function unquoted(value: string): string {
  return value.replace(
    /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])/g,
    (_all, single?: string, double?: string, one?: string) =>
      single ?? double?.replace(/\\([\\"$`])/g, '$1') ?? one ?? '',
  );
}

function hooks(path: string): string {
  return `
__handrail_end() {
  {
    printf '%s\\0' "$PWD"
    umask; printf '\\0'
    set +o; printf '\\0'
    set; printf '\\0'
    export -p; printf '\\0'
    alias; printf '\\0end\\0'
  } >|${path} 2>/dev/null
  return "$1"
}
__handrail_trap() {
  if [ "$#" -lt 2 ]; then command trap "$@"; return; fi
  __handrail_set=$1
  shift
  for __handrail_signal in "$@"; do
    case $__handrail_signal in
      EXIT | 0)
        if [ "$__handrail_set" = - ]; then __handrail_action=; else __handrail_action=$__handrail_set; fi
        command trap '__handrail_end "$?" || :; eval "$__handrail_action"; __handrail_end 0' EXIT ;;
      *) command trap "$__handrail_set" "$__handrail_signal" ;;
    esac
  done
}
trap '__handrail_end "$?"' EXIT
trap '__handrail_end 0; trap - INT EXIT; kill -INT $$' INT
trap '__handrail_end 0; trap - TERM EXIT; kill -TERM $$' TERM
alias trap=__handrail_trap
`;
}
