import { UsageError, type Action } from './call';
import type { CommandSpec, OptionSpec } from './commandSpec';
import { exitCodes } from './exitCodes';

/** What can be completed. */
interface Completable {
  readonly commands: readonly CommandSpec[];
  readonly globalOptions: readonly OptionSpec[];
}

/** `handrail completion SHELL`: a script that completes commands, options, their values and files. */
export function completionOf(what: Completable): Action {
  return ({ args, terminal }) => {
    const write = { bash, zsh, fish }[args[0] as 'bash'];
    if (write === undefined)
      throw new UsageError(`there is no completion for ${String(args[0])}: bash, zsh or fish`);
    void terminal.stdout.write(write(what));
    return Promise.resolve(exitCodes.passed);
  };
}

function bash({ commands, globalOptions }: Completable): string {
  const cases = commands.map(spec => `    ${spec.name}) words="${words(spec, globalOptions)}" ;;`);
  return `# handrail completion for bash
_handrail() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command= words= each
  for each in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $each in -*) ;; *) command=$each; break ;; esac
  done
  case $before in
${optionsWithChoices([...globalOptions, ...commands.flatMap(({ options }) => options ?? [])])
  .map(({ long, choices }) => `    ${long}) COMPREPLY=($(compgen -W "${choices}" -- "$word")); return ;;`)
  .join('\n')}
  esac
  case $command in
    '') words="${commands.map(({ name }) => name).join(' ')} ${names(globalOptions)}" ;;
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  compopt -o default 2>/dev/null
}
complete -F _handrail handrail
`;
}

function zsh({ commands, globalOptions }: Completable): string {
  const about = commands.map(({ name, about: text }) => `    '${name}:${quoted(text)}'`);
  const cases = commands.map(spec => `    ${spec.name}) compadd -- ${words(spec, globalOptions)} ;;`);
  return `#compdef handrail
_handrail() {
  local -a commands
  commands=(
${about.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[2] in
${cases.join('\n')}
  esac
  _files
}
if [[ $funcstack[1] == _handrail ]]; then _handrail "$@"; else compdef _handrail handrail; fi
`;
}

function fish({ commands, globalOptions }: Completable): string {
  const lines = commands.flatMap(spec => [
    `complete -c handrail -n __fish_use_subcommand -f -a ${spec.name} -d '${quoted(spec.about)}'`,
    ...(spec.commands ?? []).map(
      child =>
        `complete -c handrail -n '__fish_seen_subcommand_from ${spec.name}' -f -a ${child.name} -d '${quoted(child.about)}'`,
    ),
    ...(spec.options ?? []).map(each => fishOption(each, `-n '__fish_seen_subcommand_from ${spec.name}' `)),
  ]);
  return [
    '# handrail completion for fish',
    ...globalOptions.map(each => fishOption(each, '')),
    ...lines,
    '',
  ].join('\n');
}

function fishOption(spec: OptionSpec, condition: string): string {
  const short = /^-(\w),/.exec(spec.flags)?.[1];
  const value =
    spec.choices === undefined
      ? spec.flags.includes('<')
        ? ' -r'
        : ''
      : ` -x -a '${spec.choices.join(' ')}'`;
  const letter = short === undefined ? '' : ` -s ${short}`;
  return `complete -c handrail ${condition}-l ${long(spec).slice(2)}${letter}${value} -d '${quoted(spec.about)}'`;
}

function words(spec: CommandSpec, globalOptions: readonly OptionSpec[]): string {
  const below = (spec.commands ?? []).map(({ name }) => name);
  const options = [spec, ...(spec.commands ?? [])].flatMap(each => each.options ?? []);
  return [...below, names([...options, ...globalOptions])].join(' ');
}

function names(options: readonly OptionSpec[]): string {
  return [...new Set(options.map(long)), '--help'].join(' ');
}

function optionsWithChoices(all: readonly OptionSpec[]): { long: string; choices: string }[] {
  return all.flatMap(spec =>
    spec.choices === undefined ? [] : [{ long: long(spec), choices: spec.choices.join(' ') }],
  );
}

function long({ flags }: OptionSpec): string {
  return /--[a-z-]+/.exec(flags)?.[0] ?? flags;
}

/** For the inside of single quotes in all three shells; zsh's descriptions end at a colon. */
function quoted(text: string): string {
  return text.replace(/[':`$"\\]/g, '');
}
