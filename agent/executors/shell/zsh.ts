import type { ShellDialect } from './dialect';
import { posixQuoting } from './hideInWords';
import { createShell, readSections } from './plainShell';
import { isIdentifier, quote, toBytes } from './quote';
import { evaluateCode } from './secretReferences';

const bootstrap =
  '{ IFS= read -rd "" __handrail; IFS= read -rd "" __handrail_cell } <"$1"; builtin eval "$__handrail"; ' +
  'shift; builtin eval "$__handrail_cell"';

/**
 * zsh: restores and writes by itself what `typeset`, `functions`, `alias` and `options` tell. On a terminal it lets
 * its background processes hear the SIGHUP of its end, so there they end with the cell unless started with nohup.
 */
export function createZsh(): ShellDialect {
  return createShell({
    args: cell => ['-f', '-c', bootstrap, cell.name, cell.path],
    hooks: cell => hooks(quote(toBytes(cell.statePath))),
    opening(cell, options) {
      const set = [...options].map(([name, on]) => `set ${on ? '-' : '+'}o ${name}; `).join('');
      // Not errexit: with it zsh runs no hook when it ends.
      const strict = cell.strict
        ? `setopt pipefail; trap ${quote(noteAnd('builtin exit $__handrail_status'))} ZERR`
        : `trap ${quote(noteAnd(':'))} ZERR`;
      return `unset __handrail __handrail_cell; ${set}${strict}`;
    },
    quoted: false,
    quoting: posixQuoting,
    evaluate: (code, replaced) => evaluateCode(quote(code), replaced),
    heads: /^(?:typeset (?:-[-a-zA-Z0-9]+ )*\w+=|alias (?:-\w+ )?(?:-- )?[^=\n]+=)/gm,
    // A variable of its own may have come from another language since.
    restore: (_env, changes) =>
      [...changes]
        .filter(([name, value]) => value !== undefined && isIdentifier(name) && !ofZsh.has(name))
        .map(([name, value = '']) => `export ${name}=${quote(toBytes(value))}\n`)
        .join(''),
    empty: cell => `: >|${quote(toBytes(cell.path))}`,
    unset: names => `unset ${names.join(' ')}`,
    read: readSections,
  });
}

/** Variables that it sets by itself; to set some of them would change who one is. */
const ofZsh: ReadonlySet<string> = new Set(
  'PWD OLDPWD SHLVL _ UID EUID GID EGID USERNAME PPID LINENO TTYIDLE ERRNO'.split(' '),
);

/** Within a function the line is that of the outermost call; the last of the trace is our own eval. */
function noteAnd(then: string): string {
  return `__handrail_status=$?; __handrail_line="\${\${functrace[-2]:-:$LINENO}##*:} $__handrail_status"; ${then}`;
}

function hooks(path: string): string {
  return `
typeset -gA __handrail_base; __handrail_base=("\${(@kv)options}")
__handrail_end() {
  local -A __handrail_now; __handrail_now=("\${(@kv)options}")
  emulate -L zsh -o extendedglob
  local __handrail_name
  local -a __handrail_names
  {
    print -rN -- "\${__handrail_line-}" "$PWD"
    umask; print -N -- ''
    for __handrail_name in \${(k)__handrail_now}; do
      [[ $__handrail_now[$__handrail_name] == $__handrail_base[$__handrail_name] && $__handrail_name != (errexit|pipefail) ]] && continue
      [[ $__handrail_now[$__handrail_name] == on ]] && print -r -- "set -o $__handrail_name" || print -r -- "set +o $__handrail_name"
    done
    print -N -- ''
    __handrail_names=(\${\${(k)functions}:#__handrail*})
    (( $#__handrail_names )) && functions -- $__handrail_names
    print -N -- ''
    __handrail_names=(\${\${\${(k)parameters[(R)^*(special|export|hide|local)*]}:#__handrail*}:#(zshexit_functions|[^a-zA-Z_]*|_|argv|status)})
    (( $#__handrail_names )) && typeset -p -- $__handrail_names
    alias -L
    print -N -- ''
    for __handrail_name in \${(k)parameters[(R)*export*]}; do print -rN -- "$__handrail_name=\${(P)__handrail_name}"; done
    print -N -- end
  } >|${path} 2>/dev/null
}
zshexit_functions=(__handrail_end)
trap '__handrail_end; trap - INT; kill -INT $$' INT
trap '__handrail_end; trap - TERM; kill -TERM $$' TERM
`;
}
