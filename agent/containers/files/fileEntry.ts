import type { FileEntry } from '../../protocol/containerActions';

/** Bits of a mode that tell the type: https://man7.org/linux/man-pages/man7/inode.7.html */
const typeMask = 0o170_000;
const types: Readonly<Record<number, readonly [FileEntry['type'], string]>> = {
  0o040_000: ['folder', 'd'],
  0o100_000: ['file', '-'],
  0o120_000: ['link', 'l'],
  0o060_000: ['other', 'b'],
  0o020_000: ['other', 'c'],
  0o010_000: ['other', 'p'],
  0o140_000: ['other', 's'],
};

/** An entry as a system tells of it; `mode` with the type's bits, `modified` in seconds. */
export function fileEntry(
  name: string,
  { mode, size, modified, link }: { mode: number; size: number; modified: number; link?: string | undefined },
): FileEntry {
  const [type, letter] = types[mode & typeMask] ?? ['other', '?'];
  return {
    name,
    type,
    size: type === 'file' ? size : 0,
    mode: letter + permissions(mode),
    modifiedAt: modified * 1000,
    ...(link !== undefined && { link }),
  };
}

/** `rwxr-xr-x`, with the bits for owner, group and sticky as `ls` writes them. */
function permissions(mode: number): string {
  const letters = [...'rwxrwxrwx'].map((letter, index) => (mode & (0o400 >> index) ? letter : '-'));
  const special = [
    [0o4000, 2, 's'],
    [0o2000, 5, 's'],
    [0o1000, 8, 't'],
  ] as const;
  for (const [bit, at, letter] of special) {
    if (mode & bit) letters[at] = letters[at] === 'x' ? letter : letter.toUpperCase();
  }
  return letters.join('');
}

/** Folders first, each in order of names. */
export function inOrder(entries: readonly FileEntry[]): FileEntry[] {
  const rank = ({ type }: FileEntry): number => (type === 'folder' ? 0 : 1);
  return [...entries].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
