/** What an attribute of a cell, or a key of the front matter, is for. */
export interface Meaning {
  /** In a sentence without its end. */
  readonly means: string;
  /** What it can be: a closed list, names of other cells, or examples. */
  readonly values?: 'cells' | readonly string[];
  /** Whether its name alone says something. */
  readonly flag?: true;
}

/** The attributes of a cell, for completion, hover and what was misspelt. */
export const attributeTable: Readonly<Record<string, Meaning>> = {
  name: { means: 'the step’s name, unique in the file; made from heading and first command if absent' },
  needs: {
    means: 'cells that must have passed before; also `other.runbook.md#cell`',
    values: 'cells',
  },
  when: { means: 'runs only if this command exits 0, else the step is skipped' },
  unless: { means: 'the step is done already if this command exits 0' },
  verify: { means: 'a command that must exit 0 afterwards, else the step failed' },
  rollback: { means: 'the cell that undoes this one, if a later step fails', values: 'cells' },
  confirm: { means: 'asks before it runs, in these words', flag: true },
  timeout: { means: 'ends the step after that time', values: ['30s', '5m', '1h'] },
  retries: { means: 'how often it is tried again after a failure', values: ['1', '3'] },
  'retry-delay': {
    means: 'how long it waits before it is tried again, twice as long each time',
    values: ['2s', '10s'],
  },
  'on-error': { means: 'what a failure does to the run', values: ['stop', 'continue', 'rollback'] },
  strict: { means: '`false`: goes on after a failing command, as pasted into a terminal', values: ['false'] },
  effect: {
    means: 'what the cell does to the world; read-only contexts and policies go by it',
    values: ['read', 'change', 'destroy'],
  },
  lock: { means: 'one run at a time on this machine has this lock' },
  env: { means: 'variables of this cell only: `A=1,B=2`' },
  cwd: { means: 'its folder, relative to the runbook' },
  background: {
    means: 'goes on running after the step, until the run ends; `detach`: outlives it',
    values: ['detach'],
    flag: true,
  },
  ready: { means: 'the background cell has passed once this command exits 0' },
  tty: { means: 'whether the cell has a terminal', values: ['auto', 'always', 'never'] },
  target: { means: 'where it runs', values: ['local', 'container:', 'compose:', 'image:', 'pod:'] },
  fresh: { means: 'with `target=image:`: a container for this step alone', flag: true },
  user: { means: 'as whom it runs in a container; in that of an image as you', values: ['root'] },
  output: { means: 'stdout becomes this variable for later cells, and all of it a file, `$NAME_FILE`' },
  'expect-exit': { means: 'exit codes that mean success', values: ['0', '0,1'] },
  tags: { means: 'for `--tag` and `--skip-tag`' },
  exclude: { means: 'not part of a run of the whole file', flag: true },
  parallel: { means: 'neighbours of one group run at the same time' },
  mime: {
    means: 'how stdout is shown',
    values: ['application/json', 'text/csv', 'text/html', 'text/markdown', 'image/png', 'image/svg+xml'],
  },
  interpreter: { means: 'the program, with its arguments, that gets the cell’s text' },
  placeholders: { means: '`off`: text like `<this>` is meant as it stands', values: ['off'] },
  secrets: { means: 'secrets that the cell gets although its text does not name them' },
  ignore: { means: 'not a cell at all', flag: true },
};

/** The keys of the front matter that say something to Handrail. */
export const frontMatterTable: Readonly<Record<string, Meaning>> = {
  title: { means: 'heads lists of runbooks and reports' },
  description: { means: 'what the runbook is for, in a sentence' },
  owner: { means: 'who knows about it' },
  tags: { means: 'tags of all its cells' },
  shell: { means: 'the program for shell cells', values: ['bash', 'sh', 'zsh', 'fish'] },
  cwd: { means: 'the folder that the session starts in, relative to the runbook' },
  env: { means: 'variables of the session' },
  dotenv: { means: 'files with variables', values: ['[.env]'] },
  inputs: { means: 'what is asked for before the run, or given by `--input NAME=VALUE`' },
  requires: { means: 'tools with versions, and probes, looked at before the first step' },
  secrets: { means: 'names, each with where its value comes from' },
  target: { means: 'where cells run that do not say', values: ['local', 'pod:'] },
  context: { means: 'the context of Kubernetes that cells act on' },
  defaults: { means: 'attributes of all cells' },
  identity: { means: 'as whom and where tools act: which of it is shown and held; `off` for none' },
  languages: { means: 'further languages of cells, each with its program' },
};
