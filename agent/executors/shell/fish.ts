import type { ShellDialect } from './dialect';
import { checkStatements } from './fishStatements';
import { createShell, readSections } from './plainShell';
import { toBytes } from './quote';

const bootstrap =
  'begin; read -z __handrail; read -z __handrail_cell; end <$argv[1]; set -e argv; ' +
  'eval $__handrail; set -e __handrail; eval $__handrail_cell';

/**
 * fish: global variables, functions (its aliases are functions) and the folder. It has no -e, so between the statements
 * of a strict cell the status is looked at; it has no pipefail.
 */
export function createFish(): ShellDialect {
  return createShell({
    args: cell => ['--no-config', '-c', bootstrap, cell.path],
    hooks: cell => hooks(fishQuote(toBytes(cell.path))),
    opening: () => 'set -e __handrail_cell',
    text: cell => (cell.strict ? checkStatements(cell.text, cell.line, '__handrail_stop') : cell.text),
    quoted: false,
    restore: () => '',
    read: readSections,
  });
}

function fishQuote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

function hooks(path: string): string {
  return `
set -g __handrail_base (set -gn)
function __handrail_stop
  set -l __handrail_status $status
  set -g __handrail_failed "$argv $__handrail_status"
  exit $__handrail_status
end
function __handrail_write
  set -l fish_function_path
  begin
    printf '%s\\0%s\\0%s\\0\\0' "$__handrail_failed" $PWD $umask
    for name in (functions --all --names | string match -rv '^__handrail')
      functions --no-details $name
    end
    for name in (set -gn | string match -rv '^__handrail')
      if not contains -- $name $__handrail_base (set -gxn)
        printf 'set -g %s %s\\n' $name (string join ' ' -- (string escape -- $$name))
      end
    end
    printf '\\0'
    for name in (set -xn)
      printf '%s=%s\\0' $name "$$name"
    end
    printf 'end\\0'
  end >${path} 2>/dev/null
end
function __handrail_end --on-event fish_exit; __handrail_write; end
function __handrail_int --on-signal INT; __handrail_write; functions -e __handrail_int; kill -INT $fish_pid; end
function __handrail_term --on-signal TERM; __handrail_write; functions -e __handrail_term; kill -TERM $fish_pid; end
`;
}
