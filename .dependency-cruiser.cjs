/** The layout's boundaries, checked on what is really imported. @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that import one another are one file, or lack a third.',
      severity: 'error',
      from: {},
      // A type alone creates no order of loading.
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'agent-without-faces',
      severity: 'error',
      from: { path: '^agent/' },
      to: { path: '^(extension|test|scripts)/|^vscode$' },
    },
    {
      name: 'shared-code-is-pure',
      comment: 'agent/protocol and agent/runbook run in the agent, the extension and the renderer.',
      severity: 'error',
      from: { path: '^agent/(protocol|runbook)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'shared-code-stands-alone',
      severity: 'error',
      from: { path: '^agent/(protocol|runbook)/' },
      to: {
        path: '^agent/',
        pathNot: '^agent/(protocol|runbook)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'extension-is-thin',
      severity: 'error',
      from: { path: '^extension/' },
      to: {
        path: '^agent/',
        pathNot: '^agent/((protocol|runbook|client)/|folders)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'renderer-is-browser-code',
      severity: 'error',
      from: { path: '^extension/renderer/' },
      to: { path: '^extension/(?!renderer/)|^agent/client/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-server-and-client-know-json-rpc',
      severity: 'error',
      from: { path: '^(agent|extension)/', pathNot: '^agent/(server|client)/' },
      to: { path: 'node_modules/vscode-jsonrpc/' },
    },
    {
      name: 'areas-do-not-know-the-server',
      severity: 'error',
      from: { path: '^agent/(engine|executors|store|secrets|containers|clusters|health|schedules)/' },
      to: { path: '^agent/(server|client|cli)/' },
    },
    {
      name: 'engine-by-interfaces',
      comment: 'The engine owns the interfaces; store and executors are given to it.',
      severity: 'error',
      from: { path: '^agent/engine/' },
      to: { path: '^agent/(store|executors)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'store-stands-alone',
      severity: 'error',
      from: { path: '^agent/store/' },
      to: { path: '^agent/(engine|executors)/', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    builtInModules: { add: ['vscode'] },
  },
};
