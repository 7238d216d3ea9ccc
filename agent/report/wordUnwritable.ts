import { dirname } from 'node:path';

/** Why a file that a person named cannot be written, and what to do: `the folder out is not there: make it`. */
export function wordUnwritable(path: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT')
    return `the report was not written: the folder ${dirname(path)} is not there. Make it first`;
  if (code === 'EISDIR') return `the report was not written: ${path} is a folder. Name a file in it`;
  if (code === 'EACCES' || code === 'EROFS')
    return `the report was not written: ${path} may not be written by you. Name another place`;
  if (code === 'ENOSPC') return `the report was not written: no space is left for ${path}`;
  return `the report was not written to ${path} (${code ?? message})`;
}
