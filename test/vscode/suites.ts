/** A suite that runs inside a real VS Code: a file of `suites/` and the window it wants. */
export interface Suite {
  readonly name: string;
  /** Folder of `test/fixtures` that a copy of is opened; default `workspace`. */
  readonly workspace?: string;
  /** Whether the window opens in Restricted Mode. */
  readonly restricted?: boolean;
  readonly settings?: Record<string, unknown>;
  /** Milliseconds for the whole suite, reloads included. */
  readonly deadline?: number;
}

export const suites: readonly Suite[] = [
  { name: 'smoke' },
  { name: 'running' },
  { name: 'reload' },
  { name: 'corpus' },
  { name: 'editing', workspace: 'editing' },
  { name: 'trimming', workspace: 'trimming', settings: { 'files.trimTrailingWhitespace': true } },
  {
    name: 'tidying',
    workspace: 'trimming',
    settings: {
      'files.trimTrailingWhitespace': true,
      'files.insertFinalNewline': true,
      'files.trimFinalNewlines': true,
    },
  },
  { name: 'attaching', workspace: 'attaching' },
  { name: 'choosing', workspace: 'choosing', settings: { 'files.autoSave': 'off' } },
  { name: 'asking', workspace: 'asking' },
  { name: 'following', workspace: 'asking' },
  { name: 'problems', workspace: 'asking' },
  { name: 'showing', workspace: 'showing' },
  { name: 'interleaving', workspace: 'interleaving', deadline: 300_000 },
  { name: 'sidebar', workspace: 'attaching' },
  { name: 'commanding', workspace: 'commanding' },
  { name: 'manyChanges', workspace: 'attaching' },
  { name: 'health', workspace: 'health' },
  { name: 'containers', workspace: 'attaching', deadline: 300_000 },
  { name: 'targeting', workspace: 'attaching', deadline: 300_000 },
  { name: 'containerActions', workspace: 'attaching', deadline: 300_000 },
  { name: 'logs', workspace: 'attaching', deadline: 300_000 },
  { name: 'clusters', workspace: 'attaching', deadline: 600_000 },
  { name: 'podTargeting', workspace: 'attaching', deadline: 600_000 },
  { name: 'clusterStreams', workspace: 'attaching', deadline: 600_000 },
  { name: 'clusterActions', workspace: 'attaching', deadline: 600_000 },
  { name: 'clusterYaml', workspace: 'attaching', settings: { 'files.autoSave': 'off' }, deadline: 600_000 },
  { name: 'agent', workspace: 'attaching' },
  { name: 'noAgent', workspace: 'attaching', settings: { 'handrail.node': '/bin/false' } },
  { name: 'restricted', restricted: true },
];
