/** Why a file or folder that a person named cannot be used: `docs/x.md is not there`. */
export function wordUnreadable(named: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `${named} is not there`;
  if (code === 'ENOTDIR') return `${named} is no folder, or below something that is none`;
  if (code === 'EACCES') return `${named} may not be read by you: check its permissions`;
  return `${named} cannot be read (${code ?? message})`;
}
