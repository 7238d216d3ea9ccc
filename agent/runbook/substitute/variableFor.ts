/** The variable by which cells of a language see an input or secret. */
export function variableFor(name: string, language: string): string {
  return own.get(language)?.has(name) === true ? `HANDRAIL_INPUT_${name}` : name;
}

const bash =
  'COLUMNS LINES HOSTNAME HOSTTYPE OSTYPE MACHTYPE REPLY GROUPS DIRSTACK FUNCNAME PIPESTATUS EPOCHSECONDS ' +
  'EPOCHREALTIME SRANDOM HISTCMD MAPFILE COPROC IGNOREEOF TIMEFORMAT';

const zsh =
  'aliases argv builtins cdpath commands dirstack fignore fpath funcstack functions galiases histchars history ' +
  'historywords jobdirs jobstates jobtexts keymaps mailpath manpath modules module_path nameddirs options optarg ' +
  'optind parameters path patchars pipestatus prompt psvar reswords saliases signals status termcap terminfo ' +
  'userdirs usergroups watch widgets zsh_eval_context';

const fish = 'argv history hostname pipestatus status umask version';

/** Variables that a shell sets, shares with others or does not let itself be told. */
const own: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['bash', new Set(bash.split(' '))],
  ['zsh', new Set(`${bash} ${zsh}`.split(' '))],
  ['fish', new Set(`COLUMNS LINES ${fish}`.split(' '))],
]);
