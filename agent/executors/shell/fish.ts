import type { ShellDialect } from './dialect';
import { checkStatements } from './fishStatements';
import { fishQuoting } from './hideInWords';
import { createShell, readSections } from './plainShell';
import { isIdentifier, toBytes } from './quote';

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
    hooks: cell => hooks(fishQuote(toBytes(cell.statePath))),
    opening: () => 'set -e __handrail_cell',
    text: cell => (cell.strict ? checkStatements(cell.text, cell.line, '__handrail_stop') : cell.text),
    quoted: false,
    quoting: fishQuoting,
    evaluate,
    heads: /^set -g \S+ /gm,
    restore: (_env, changes) =>
      [...changes]
        .filter(([name, value]) => value !== undefined && isIdentifier(name) && !ofFish.has(name))
        .map(([name, value = '']) => `set -gx ${name} ${fishQuote(toBytes(value))}\n`)
        .join(''),
    empty: cell => `echo -n >${fishQuote(toBytes(cell.path))}`,
    unset: names => `set -e ${names.join(' ')}`,
    read: readSections,
  });
}

/** Variables that it sets by itself, and lists whose text is not as the environment has it. */
const ofFish: ReadonlySet<string> = new Set(
  'PWD OLDPWD SHLVL _ PATH CDPATH MANPATH status version history hostname fish_pid pipestatus umask'.split(
    ' ',
  ),
);

function evaluate(code: string, replaced: ReadonlyMap<string, string>): string {
  const steps = [...replaced].map(
    ([place, variable]) =>
      `set -g __handrail_text (string replace --all -- '${place}' "$${variable}" $__handrail_text | string collect)\n`,
  );
  return `set -g __handrail_text ${fishQuote(code)}\n${steps.join('')}eval $__handrail_text\nset -e __handrail_text\n`;
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
    printf '\\0'
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
