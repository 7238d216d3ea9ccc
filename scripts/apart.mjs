/**
 * Bundles of their own, loaded at their first use, because a program that starts reads its whole bundle: who imports
 * one of these gets the bundle that lies beside it.
 */
export const apart = {
  kubernetesLibrary: 'agent/clusters/api/kubernetesLibrary.ts',
  kubernetesSecret: 'agent/secrets/providers/kubernetesSecret.ts',
  clientEngine: 'agent/containers/targets/clientEngine.ts',
  clusters: 'agent/clusters/clusters.ts',
  clientPods: 'agent/clusters/targets/clientPods.ts',
  containers: 'agent/containers/containers.ts',
  health: 'agent/health/health.ts',
  execa: 'execa',
  headless: '@xterm/headless',
  yaml: 'yaml',
  cel: '@marcbachmann/cel-js',
  re2: 're2js',
  moduleLexer: 'es-module-lexer/js',
  zod: 'zod',
  jsonrpc: 'vscode-jsonrpc/node',
  entities: 'entities',
  jsonc: 'jsonc-parser',
  toml: 'smol-toml',
  ignore: 'ignore',
  diff: 'diff',
};
