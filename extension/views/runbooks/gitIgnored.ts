import ignore, { type Ignore } from 'ignore';

/**
 * Whether git would leave a path out, by the `.gitignore` files of a folder and those below it
 * (https://git-scm.com/docs/gitignore: the one nearest to the file has the last word).
 *
 * @param files text of each `.gitignore` by the folder it stands in, relative to the root with `/`; `''` is the root.
 */
export function gitIgnored(files: ReadonlyMap<string, string>): (path: string) => boolean {
  const rules = new Map<string, Ignore>();
  for (const [folder, text] of files) rules.set(folder, ignore().add(text));
  return path => {
    for (const folder of foldersAround(path)) {
      const verdict = rules.get(folder)?.test(folder === '' ? path : path.slice(folder.length + 1));
      if (verdict?.ignored === true) return true;
      if (verdict?.unignored === true) return false;
    }
    return false;
  };
}

/** `a/b/c.md` → `a/b`, `a`, ``. */
function foldersAround(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return [...parts.keys()].map(i => parts.slice(0, parts.length - i).join('/')).concat('');
}
