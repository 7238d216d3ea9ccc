import type { CommandSpec } from '../commandSpec';

/** Commands that build on recorded runs. */
export const historyCommands: readonly CommandSpec[] = [
  {
    name: 'resume',
    args: '<run>',
    about: 'go on with a run from its failed step, with its inputs and the session as it was then',
    options: [
      { flags: '--all', about: 'all of its cells again, with the same inputs' },
      { flags: '--undo', about: 'the rollback cells of its passed steps, in reverse order' },
      { flags: '--input <name=value>', about: 'another value for an input', many: true },
      { flags: '-y, --yes', about: 'approve every cell that asks for it, but none in production' },
      { flags: '--approve <cell>', about: 'approve this cell, also in production', many: true },
      { flags: '--keep-going', about: 'go on after a step that failed' },
      { flags: '-n, --dry-run', about: 'print what would be run, and run nothing' },
      { flags: '--jsonl', about: 'print events, one JSON object a line' },
      { flags: '--timeout <time>', about: 'end a step after this time: 30s, 5m, 1h' },
      { flags: '--detach', about: 'hand the run to the agent and print its id' },
    ],
    examples: [
      ['handrail resume last', 'from the step that failed'],
      ['handrail resume -n last', 'what would be run'],
      ['handrail resume --all 8f3a --input service=api', 'once more from the beginning, with another value'],
      ['handrail resume --undo 8f3a', 'take back what it did'],
    ],
    load: async () => (await import('./resumeCommand')).resumeCommand,
  },
  {
    name: 'diff',
    args: '<earlier> <later>',
    about: 'how two runs differ: inputs, identity, steps, output; exit 1 if they do',
    options: [{ flags: '--json', about: 'print JSON' }],
    examples: [['handrail diff 8f3a last', 'the earlier one first']],
    load: async () => (await import('./diffCommand')).diffCommand,
  },
  {
    name: 'locks',
    about: 'the locks that cells hold on this machine, and by which runs',
    options: [
      {
        flags: '--release <name>',
        about: 'take it from its holder: a process on another machine or in a container, which is gone',
      },
      { flags: '--json', about: 'print JSON' },
    ],
    note: 'What a process held that is gone is released by itself where that can be seen from here.',
    examples: [
      ['handrail locks', ''],
      ['handrail locks --release deploy', 'after a look at whether its run really is gone'],
    ],
    load: async () => (await import('./locksCommand')).locksCommand,
  },
  {
    name: 'audit',
    about: 'the log of what had an effect, oldest first',
    options: [
      { flags: '--verify', about: 'whether its chain holds; exit 1 if a row was changed, moved or removed' },
      { flags: '--limit <n>', about: 'how many of the newest (50)' },
      { flags: '--json', about: 'print JSON, newest first' },
    ],
    examples: [
      ['handrail audit --limit 200 --json', 'the newest 200 rows'],
      ['handrail audit --verify', 'says which row is not as it was'],
    ],
    load: async () => (await import('../auditCommand')).auditCommand,
  },
];
