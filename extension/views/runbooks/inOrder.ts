const byName = new Intl.Collator('en', { numeric: true });

/** Files by their paths (with `/`): those of a folder together, before those of its folders; `2-b.md` before `10-a.md`. */
export function inOrder<T extends { readonly path: string }>(files: readonly T[]): T[] {
  return files
    .map(file => ({ file, at: file.path.lastIndexOf('/') }))
    .map(({ file, at }) => ({
      file,
      folder: file.path.slice(0, Math.max(0, at)),
      name: file.path.slice(at + 1),
    }))
    .sort((a, b) => byName.compare(a.folder, b.folder) || byName.compare(a.name, b.name))
    .map(({ file }) => file);
}
