/**
 * What keeps a name from being the name of an environment variable that a runbook sets; nothing where it can be.
 * `what`: "input", "secret".
 */
export function variableNameProblem(
  what: string,
  name: string,
): { message: string; hint: string } | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    const message = `\`${name}\` cannot be the name of an ${what}: cells see it as a variable, so it has letters, digits and _ only`;
    return { message: message.replace('an secret', 'a secret'), hint: `Write \`${identifierOf(name)}\`.` };
  }
  if (name === '__proto__') {
    const message = `\`${name}\` cannot be the name of an ${what}: JavaScript takes it for something else`;
    return { message: message.replace('an secret', 'a secret'), hint: 'Write `proto`.' };
  }
  if (!isReserved(name)) return undefined;
  return {
    message: `\`${name}\` is a variable by which programs are told what to do, so no ${what} can have that name`,
    hint: `Call it something else, for example \`the_${name.toLowerCase()}\`.`,
  };
}

function identifierOf(name: string): string {
  const identifier = name.replaceAll(/[^A-Za-z0-9_]+/g, '_').replace(/^(?=\d)/, '_');
  return /[A-Za-z0-9]/.test(identifier) ? identifier : 'name';
}

const reserved: ReadonlySet<string> = new Set(
  (
    '_ HOME IFS ENV SHELLOPTS BASHOPTS PS4 PROMPT_COMMAND GLOBIGNORE ZDOTDIR SHELL PWD OLDPWD ' +
    'USER LOGNAME UID EUID PPID OPTIND OPTARG OPTERR RANDOM SECONDS LINENO SHLVL TMPDIR ' +
    'TERM TERMINFO GCONV_PATH LOCPATH NLSPATH HOSTALIASES RESOLV_HOST_CONF EDITOR VISUAL ' +
    'PAGER BROWSER SSH_ASKPASS CLASSPATH _JAVA_OPTIONS JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS RUBYOPT RUBYLIB GEM_PATH ' +
    'LUA_INIT LUA_PATH LUA_CPATH DOTNET_STARTUP_HOOKS ELECTRON_RUN_AS_NODE'
  ).split(' '),
);

/** Compared without case: on Windows `path` is `PATH`, in zsh one sets the other, in fish `status` cannot be set. */
const reservedInAnyCase: ReadonlySet<string> = new Set(
  'PATH CDPATH FPATH TEMP TMP COMSPEC PATHEXT SYSTEMROOT USERPROFILE STATUS ARGV'.split(' '),
);

const reservedPrefix =
  /^(BASH_|LD_|DYLD_|NODE_|NPM_CONFIG_|npm_config_|PYTHON|PERL5?|PERLLIB$|GIT_|HANDRAIL_|MALLOC_|ZSH_|FISH_)/;

function isReserved(name: string): boolean {
  return reserved.has(name) || reservedInAnyCase.has(name.toUpperCase()) || reservedPrefix.test(name);
}
