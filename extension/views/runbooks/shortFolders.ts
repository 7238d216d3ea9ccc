/**
 * For each path (with `/`) the least of its folders that tells it from the others: the innermost one, or of files with
 * the same name the shortest part that no other has, as in `payments/…` for `services/payments/docs/README.md`. Empty
 * for a file at the root.
 */
export function shortFolders(paths: readonly string[]): Map<string, string> {
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    byName.set(name, [...(byName.get(name) ?? []), path]);
  }
  return new Map([...byName.values()].flatMap(same => same.map(path => [path, tellingPart(path, same)])));
}

function tellingPart(path: string, same: readonly string[]): string {
  const folders = foldersOf(path);
  const others = same.filter(other => other !== path).map(other => `/${foldersOf(other).join('/')}/`);
  for (let length = 1; length <= folders.length; length++) {
    for (let end = folders.length; end >= length; end--) {
      const part = folders.slice(end - length, end).join('/');
      if (others.some(other => other.includes(`/${part}/`))) continue;
      return end === folders.length ? part : `${part}/…`;
    }
  }
  return folders.join('/');
}

function foldersOf(path: string): string[] {
  return path.split('/').slice(0, -1);
}
