import type { CommandSpec, OptionSpec } from './commandSpec';
import { historyCommands } from './history/historyCommands';

/** Options that stand before or after any command. */
export const globalOptions: readonly OptionSpec[] = [
  { flags: '-C, --directory <dir>', about: 'work in this folder' },
  { flags: '-q, --quiet', about: 'print only the list of steps' },
  { flags: '-v, --verbose', about: 'print more: what runs, and where an error comes from' },
  { flags: '--color <when>', about: 'colours', choices: ['auto', 'always', 'never'] },
];

export const mainExamples: CommandSpec['examples'] = [
  ['handrail list', 'what there is to run'],
  ['handrail run docs/restart-api.md', 'run it'],
  ['handrail show last', 'what came of it'],
];

const json: OptionSpec = { flags: '--json', about: 'print JSON' };
const anyRun = 'RUN is an id, the beginning of one, or `last`.';

const run: CommandSpec = {
  name: 'run',
  args: '[file] [cells...]',
  about: 'run a runbook, or some of its cells and what they need',
  options: [
    { flags: '--tag <tag>', about: 'only cells with this tag', many: true },
    { flags: '--skip-tag <tag>', about: 'no cells with this tag', many: true },
    { flags: '--from <cell>', about: 'begin at this cell' },
    { flags: '--until <cell>', about: 'end after this cell' },
    {
      flags: '--input <name=value>',
      about: 'a value for an input; name=@FILE reads it, @- from stdin',
      many: true,
    },
    { flags: '-y, --yes', about: 'approve every cell that asks for it, but none in production' },
    {
      flags: '--approve <cell>',
      about: 'approve this cell, also in production; FILE.md#CELL of another runbook',
      many: true,
    },
    { flags: '--keep-going', about: 'go on after a step that failed, and without cells that cannot run' },
    { flags: '--rollback', about: 'undo what has passed, in reverse order, when a step fails' },
    { flags: '--parallel <n>', about: 'cells of one group that run at the same time, at most (4)' },
    { flags: '--target <target>', about: 'where cells run that name no target of their own' },
    { flags: '-n, --dry-run', about: 'print what would be run, and run nothing' },
    { flags: '--jsonl', about: 'print events, one JSON object a line' },
    { flags: '--timeout <time>', about: 'end a step after this time: 30s, 5m, 1h' },
    {
      flags: '--report <format=file>',
      about: 'write a report at the end: markdown, html, json, junit, github (prints it)',
      many: true,
    },
    { flags: '--detach', about: 'hand the run to the agent and print its id' },
    { flags: '--no-record', about: 'leave nothing in the history; what has an effect is in the audit log' },
  ],
  note: 'Where there is no terminal, cells read from /dev/null, not from standard input, and nothing is asked: what is\nmissing is listed, exit 3. An input may also come from the environment: HANDRAIL_INPUT_NAME.',
  examples: [
    ['handrail run docs/restart-api.md', 'the whole file'],
    ['handrail run docs/restart-api.md restart', 'one cell, by name, and what it needs'],
    ['handrail run docs/restart-api.md 3', 'the third cell'],
    ['handrail run docs/restart-api.md:41', 'the cell at line 41'],
    ['handrail run -n docs/restart-api.md --tag db --skip-tag slow', 'what would be run'],
    ['handrail run docs/restart-api.md --from drain --until restart', 'a part of it'],
    ['handrail run docs/checks.md --keep-going --parallel 8 --timeout 30s', 'all of it, whatever fails'],
    ['handrail run docs/deploy.md --detach', 'in the agent; then: handrail attach last'],
    ['handrail run docs/reset-password.md --no-record', 'its steps and output are not kept'],
    ['handrail run docs/deploy.md --input service=api', 'inputs are asked for where they are missing'],
    [
      'handrail run docs/deploy.md --approve restart --rollback',
      'in CI: a cell that asks is approved by name',
    ],
    ['handrail run docs/smoke.md --report junit=out.xml --report github', 'for a CI system'],
    ['handrail run docs/smoke.md --jsonl | jq .type', 'for a program'],
    ['curl -s https://example.org/x.md | handrail run -', 'from standard input'],
  ],
  load: async () => (await import('./run/runCommand')).runCommand,
};

const agent: CommandSpec = {
  name: 'agent',
  about: 'the process that runs what the editor and --detach ask for',
  examples: [['handrail agent status', 'whether it runs, and what it is at']],
  commands: [
    {
      name: 'start',
      about: 'start it, unless it runs',
      examples: [['handrail agent start', '']],
      load: async () => (await import('./agentCommands')).startAgent,
    },
    {
      name: 'status',
      about: 'whether it runs, and what it is at; exit 1 if it does not',
      options: [json],
      examples: [['handrail agent status --json', 'pid, version, socket, clients, runs']],
      load: async () => (await import('./agentCommands')).agentStatusCommand,
    },
    {
      name: 'stop',
      about: 'end it',
      options: [{ flags: '--force', about: 'also while something is going on' }],
      examples: [['handrail agent stop', '']],
      load: async () => (await import('./agentCommands')).stopAgent,
    },
    {
      name: 'log',
      about: 'print its log',
      options: [{ flags: '--lines <n>', about: 'how many, from the end (100)' }],
      examples: [['handrail agent log --lines 20', '']],
      load: async () => (await import('./agentCommands')).agentLog,
    },
  ],
};

/** Every command of `handrail`. Only what works is listed. */
export const commands: readonly CommandSpec[] = [
  run,
  {
    name: 'attach',
    args: '<run>',
    about: 'follow a run of the agent, from its beginning',
    options: [{ flags: '--jsonl', about: 'print events, one JSON object a line' }],
    note: 'In a terminal, keys go to the running step if it has one (tty=always, or a run that the editor started).\nCtrl-C only ends the following; the run goes on until it ends or `handrail cancel RUN`.',
    examples: [
      ['handrail attach 8f3a --jsonl', 'as events'],
      ['handrail attach last', `the newest run. ${anyRun}`],
    ],
    load: async () => (await import('./history/attachCommand')).attachCommand,
  },
  {
    name: 'list',
    args: '[paths...]',
    about: 'list runbooks and their cells',
    options: [json],
    examples: [
      ['handrail list', 'all below this folder that git does not ignore'],
      ['handrail list docs --json', ''],
    ],
    load: async () => (await import('./listCommand')).listCommand,
  },
  {
    name: 'runs',
    about: 'list runs, newest first',
    options: [
      json,
      { flags: '--search <text>', about: 'steps whose output, text or name holds these words' },
      { flags: '--limit <n>', about: 'how many (20)' },
      { flags: '--file <file>', about: 'only those of this runbook' },
      {
        flags: '--state <state>',
        about: 'only those in this state',
        choices: ['running', 'passed', 'failed', 'cancelled', 'interrupted'],
      },
    ],
    examples: [
      ['handrail runs --state failed', ''],
      ['handrail runs --file docs/deploy.md --limit 5 --json', 'the last five of one runbook'],
      ['handrail runs --search \'"connection refused" api\'', 'words together, and one more'],
    ],
    load: async () => (await import('./history/runsCommand')).runsCommand,
  },
  {
    name: 'show',
    args: '<run>',
    about: 'show a run: its steps, and why and how they ended',
    options: [json, { flags: '--output [step]', about: 'print the output of this step, or of all' }],
    examples: [
      ['handrail show last', anyRun],
      ['handrail show 8f3a --output restart', 'the bytes that this step printed'],
    ],
    load: async () => (await import('./history/showCommand')).showCommand,
  },
  {
    name: 'report',
    args: '<run>',
    about: 'write a report of a run, to stdout or a file',
    options: [
      {
        flags: '--format <format>',
        about: 'markdown (as it is without), html, json, junit, github',
        choices: ['markdown', 'md', 'html', 'json', 'junit', 'github'],
      },
      { flags: '-o, --output <file>', about: 'the file, which is made or replaced' },
    ],
    examples: [
      ['handrail report last --format html -o run.html', 'one page with a timeline'],
      ['handrail report 8f3a', 'Markdown, to send or to commit'],
    ],
    load: async () => (await import('./report/reportCommand')).reportCommand,
  },
  {
    name: 'cancel',
    args: '<run>',
    about: 'stop a run that is going, or what an ended one left running',
    examples: [['handrail cancel last', anyRun]],
    load: async () => (await import('./history/cancelCommand')).cancelCommand,
  },
  ...historyCommands,
  {
    name: 'drift',
    args: '<path>',
    about: 'compare manifests with what runs in a cluster; exit 1 if they differ; changes nothing',
    options: [
      { flags: '--context <name>', about: 'the context of the cluster; never the current one by chance' },
      { flags: '--namespace <name>', about: "for manifests that name none (the context's own)" },
      { flags: '-o, --output <format>', about: 'text (as it is without) or json', choices: ['text', 'json'] },
      json,
    ],
    note: 'PATH is a file or a folder: YAML and JSON, or a kustomization, for which kubectl or kustomize is run.\nThe server compares, by a dry run: what it fills in is no difference. Values of Secrets are not printed.\nExit 0: in sync, 1: something is changed, missing or extra, 2: a manifest is invalid, or could not be compared.',
    examples: [
      ['handrail drift deploy --context shop', 'what differs, with its diff'],
      ['handrail drift deploy/web.yaml --context shop --namespace test', 'of one file, in a namespace'],
      ['handrail drift deploy --context shop --output json | jq .objects[].state', 'for a program'],
    ],
    load: async () => (await import('./drift/driftCommand')).driftCommand,
  },
  {
    name: 'check',
    args: '[files...]',
    about: 'look at health checks once; exit 1 if one is down',
    options: [
      json,
      { flags: '--prometheus', about: 'print metrics in the text format of Prometheus' },
      { flags: '--watch', about: 'go on, and tell of each change until interrupted' },
      { flags: '--strict', about: 'exit 1 also where one is degraded or cannot be told' },
      { flags: '--tag <tag>', about: 'only checks with this tag', many: true },
    ],
    note: 'FILE is a file of checks or a folder, in which *.health.yaml are looked for (.). Commands of checks are run.\nExit 0: all are up, 1: something is down, 2: a file is invalid.',
    examples: [
      ['handrail check', 'all files below this folder'],
      ['handrail check ops/shop.health.yaml --tag db', 'some checks of one file'],
      ['handrail check --watch', 'as the sidebar does'],
      ['handrail check --prometheus > /var/lib/node_exporter/shop.prom', 'for a textfile collector'],
    ],
    load: async () => (await import('./check/checkCommand')).checkCommand,
  },
  agent,
  {
    name: 'doctor',
    about: 'what is there, what is missing and how to get it; contacts nothing',
    options: [json],
    examples: [['handrail doctor', '']],
    load: async () => (await import('./doctor/doctorCommand')).doctorCommand,
  },
  {
    name: 'completion',
    args: '<shell>',
    about: 'print a completion script for bash, zsh or fish',
    examples: [
      ['source <(handrail completion bash)', 'in ~/.bashrc'],
      ['handrail completion fish > ~/.config/fish/completions/handrail.fish', ''],
    ],
    load: async () => (await import('./completion')).completionOf({ commands, globalOptions }),
  },
];
