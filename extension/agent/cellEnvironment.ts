/** Variables that belong to VS Code's own processes and would mislead what a cell starts. */
const editorsOwn =
  /^(VSCODE_|ELECTRON_)|^NODE_OPTIONS$|^NODE_PATH$|^CHROME_DESKTOP$|^ORIGINAL_XDG_CURRENT_DESKTOP$|^GIO_LAUNCHED_/;

/** An environment for cells, made from the extension host's. */
export function cellEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !editorsOwn.test(name)) kept[name] = value;
  }
  return kept;
}
