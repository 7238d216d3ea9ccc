/**
 * Runs the two parts of the cell's file, which a NUL separates: what restores the state, then the cell. Builtins
 * only, as in everything that follows: a process costs more than all the rest.
 */
export const bashBootstrap =
  '{ IFS= read -rd "" __handrail; IFS= read -rd "" __handrail_cell; } <"$1"; builtin eval "$__handrail"; ' +
  '\\builtin eval "$__handrail_cell"';

/** Sections that the shell writes when it ends, each ended by a NUL. */
export const bashSections = [
  'failed',
  'cwd',
  'umask',
  'options',
  'shopts',
  'positional',
  'aliases',
  'functions',
  'exported',
  'variables',
  'end',
] as const;

/**
 * Defines what writes the state into the file `path` when the shell ends, however it ends. An EXIT trap of the
 * cell's own runs between two writes: it may change state, and it may call exit. `trap` is a function for that reason.
 */
export function bashFunctions(path: string): string {
  return `
__handrail_end() {
  {
    \\builtin printf '%s\\0' "$(( \${#FUNCNAME[@]} > 1 ? \${BASH_LINENO[\${#BASH_LINENO[@]}-1]} : 0 )) \${__handrail_line-}" "$PWD"
    \\builtin umask; \\builtin printf '\\0'
    \\builtin set +o; \\builtin printf '\\0'
    \\builtin shopt -p; \\builtin printf '\\0'
    if [[ $# -gt 1 ]]; then \\builtin printf '%q ' "\${@:2}"; fi; \\builtin printf '\\0'
    \\builtin alias -p; \\builtin printf '\\0'
    \\builtin declare -f; \\builtin printf '\\0'
    \\builtin declare -Fx; \\builtin printf '\\0'
    \\builtin declare -p; \\builtin printf '\\0end\\0'
  } >|${path} || \\builtin :
  \\builtin return "$1"
}
trap() {
  if [[ $BASH_SUBSHELL -ne 0 || $# -eq 0 || $1 == -[lpP]* ]]; then \\builtin trap "$@"; \\builtin return; fi
  if [[ $1 == -- ]]; then \\builtin shift; fi
  if [[ $# -lt 2 ]]; then \\builtin set -- - "$@"; fi
  \\builtin local __handrail_signal __handrail_others
  __handrail_others=()
  for __handrail_signal in "\${@:2}"; do
    case $__handrail_signal in
      EXIT | exit | SIGEXIT | 0)
        if [[ $1 == - ]]; then __handrail_action=; else __handrail_action=$1; fi
        \\builtin trap '${withAction}' EXIT ;;
      ERR | err | SIGERR)
        __handrail_onerror=$1
        \\builtin trap '${ifOfCell} *) \\builtin eval "$__handrail_onerror" ;; esac' ERR
        if [[ $1 == - ]]; then \\builtin trap - ERR; fi ;;
      *) __handrail_others+=("$__handrail_signal") ;;
    esac
  done
  if [[ \${#__handrail_others[@]} -gt 0 ]]; then \\builtin trap -- "$1" "\${__handrail_others[@]}"; fi
}
`;
}

/** Errors and traces of it are nobody's business. */
const writeState = '{ __handrail_end "$?" "$@"; } 2>/dev/null';

/** The condition keeps -e away and hands the exit status on as $?. */
const userAction = '\\builtin eval "$__handrail_action"';
const withAction =
  `if ${writeState}; then ${userAction}; else ${userAction}; fi; ` + `${writeState} || \\builtin :`;

/** A cell whose last command fails makes our own eval fail, too, which is no failure of the cell's. */
const ifOfCell = 'case $BASH_COMMAND in *__handrail_cell*) ;;';

/** Sets what calls them, once all variables are there. */
export const bashTraps = `\\builtin trap '${writeState}' EXIT
\\builtin trap '${ifOfCell} *) __handrail_line="$LINENO $?" ;; esac' ERR
`;
