import { defineConfig, globalIgnores } from 'eslint/config';
import typescript from 'typescript-eslint';

/** Bans imports, with the reason that a person reads. Later entries for the same file replace earlier ones. */
function ban(files, patterns, ignores = []) {
  const rule = ['error', { patterns: patterns.map(([group, message]) => ({ group, message })) }];
  return { files, ignores, rules: { 'no-restricted-imports': rule } };
}

const noEditor = [['vscode', 'vscode/**'], 'agent/ is plain Node: it runs without VS Code.'];
const noExtension = [['**/extension/**'], 'agent/ does not know its faces.'];
const noNode = [
  ['node:*', 'fs', 'path', 'os', 'child_process', 'crypto'],
  'This folder also runs in a browser: no Node.',
];
const noTransport = [
  ['vscode-jsonrpc', 'vscode-jsonrpc/**'],
  'Only agent/server and agent/client know JSON-RPC.',
];

const boundaries = [
  ban(['agent/**/*.ts'], [noEditor, noExtension, noTransport]),
  ban(['agent/{protocol,runbook}/**/*.ts'], [noEditor, noExtension, noTransport, noNode]),
  ban(['agent/{server,client}/**/*.ts'], [noEditor, noExtension]),
  ban(
    ['extension/**/*.ts'],
    [
      [
        ['**/agent/{cli,clusters,containers,executors,health,schedules,secrets,server,store,transport}/**'],
        'extension/ reaches the agent by agent/protocol, agent/runbook and agent/client only.',
      ],
      noTransport,
    ],
  ),
  ban(
    ['extension/renderer/**/*.ts'],
    [noEditor, noTransport, noNode, [['**/agent/{client,engine}/**'], 'The renderer runs in a browser.']],
  ),
];

const neverWritten = [
  { selector: 'TSEnumDeclaration', message: 'A union of literals instead.' },
  { selector: 'TSModuleDeclaration[kind="namespace"]', message: 'A module instead.' },
  { selector: 'TSParameterProperty', message: 'A field instead.' },
  { selector: 'ExportAllDeclaration', message: 'No barrels: import from where it is.' },
];

/** Where VS Code makes icons and links of what it is to show. */
const asWritten = [
  {
    selector: 'MemberExpression[property.name=/^(show|create)(QuickPick|InputBox)$/]',
    message: 'By extension/quickInput.ts, which shows text of others as it is written.',
  },
  {
    selector:
      'CallExpression[callee.property.name="createTreeView"] Property[key.name="treeDataProvider"]:not([value.callee.name="plainTree"])',
    message: 'plainTree(…) shows text of others as it is written.',
  },
];

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.vscode-test/', 'test/fixtures/']),
  typescript.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.json', 'extension/renderer/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: 'error',
      'max-lines': ['error', 350],
      'max-lines-per-function': ['error', 60],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true } }],
      'no-restricted-syntax': ['error', ...neverWritten],
    },
  },
  boundaries,
  {
    files: ['extension/**/*.ts'],
    ignores: ['extension/quickInput.ts'],
    rules: { 'no-restricted-syntax': ['error', ...neverWritten, ...asWritten] },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    extends: [typescript.configs.disableTypeChecked],
    rules: { 'no-restricted-exports': 'off', '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['test/**'],
    rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' },
  },
);
