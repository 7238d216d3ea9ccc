import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/** Characters of a diff that are given; a person reads no more. */
const longest = 16 * 1024;
/** Lines taken out and put in, at most: looking for the shortest way costs their number times the lines. */
const mostEdits = 1000;

/** How one text becomes the other, as a unified diff; it says so where that is too much to be shown. */
export function unifiedDiff(left: Named, right: Named): string {
  const patch = createTwoFilesPatch(left.name, right.name, left.text, right.text, undefined, undefined, {
    context: 3,
    maxEditLength: mostEdits,
    headerOptions: FILE_HEADERS_ONLY,
  });
  if (patch === undefined) return `--- ${left.name}\n+++ ${right.name}\nThey have too little in common.\n`;
  if (patch.length <= longest) return patch;
  return `${patch.slice(0, patch.lastIndexOf('\n', longest))}\n… more was left out here\n`;
}

export interface Named {
  readonly name: string;
  readonly text: string;
}
