/** Why a file or folder that a person named cannot be used: `docs/x.md is not there`. */
export function wordUnreadable(named: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `${named} is not there`;
  if (code === 'ENOTDIR') return `${named} is no folder, or below something that is none`;
  if (code === 'EACCES') return `${named} may not be read by you: check its permissions`;
  if (code === 'ENOTFILE') return `${named} is a pipe or a device, not a file`;
  if (code === 'EISDIR') return `${named} is a folder`;
  if (code === 'EFBIG') return `${named} is longer than 64 MiB`;
  return `${named} cannot be read (${code ?? message})`;
}
