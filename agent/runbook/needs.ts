import { decodePercent } from './percent';

/** One item of `needs`: a cell of this runbook, or of another one. */
export type Need =
  | { readonly kind: 'cell'; readonly name: string }
  /** `file` is as written (decoded), absolute or relative to the runbook. */
  | { readonly kind: 'other'; readonly file: string; readonly name: string }
  | { readonly kind: 'wrong'; readonly message: string };

/** Understands `name` and `other.runbook.md#name`. */
export function parseNeed(item: string): Need {
  const hash = item.indexOf('#');
  if (hash < 0) {
    if (!/\.md$/i.test(item)) return { kind: 'cell', name: item };
    return wrong(`\`${item}\` does not say which cell: write \`${item}#NAME\``);
  }
  const file = decodePercent(item.slice(0, hash));
  const name = decodePercent(item.slice(hash + 1));
  if (file === undefined || name === undefined) {
    return wrong(`\`${item}\` has a % that is no percent-encoding: write %25 for a % itself`);
  }
  if (file === '') return wrong(`\`${item}\` names no file: write \`${name}\` for a cell of this one`);
  if (name === '') return wrong(`\`${item}\` does not say which cell: write \`${item}NAME\``);
  if (/^[a-z][a-z0-9+.-]+:/i.test(file)) return wrong(`\`${item}\` is no file: only files can be run`);
  if (!/\.md$/i.test(file) || file.includes('\0'))
    return wrong(`\`${item}\` is no Markdown file: it must end in .md`);
  return { kind: 'other', file, name };
}

function wrong(message: string): Need {
  return { kind: 'wrong', message };
}
