/** What tells of this editor and of nothing that a program outside it needs. */
const ownMarks = /^(VSCODE_|ELECTRON_|HANDRAIL_)|=/;

/**
 * The environment that programs which get credentials for clusters are run with: they read their profiles and
 * proxies from it, whatever they are called.
 */
export function clusterEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && name !== '' && !ownMarks.test(name)) kept[name] = value;
  }
  return kept;
}
