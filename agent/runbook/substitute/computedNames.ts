/**
 * Names of the variables that a shell's text declares as numbers or as other names: whatever they are given anywhere in
 * it is computed.
 */
export function computedNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, command, rest = ''] of text.matchAll(declaration)) {
    const words = rest.split(/[\s\\'"]+/);
    if (command !== 'integer' && !words.some(word => /^-\w*[in]/.test(word))) continue;
    for (const word of words) {
      const name = /^[A-Za-z_]\w*/.exec(word)?.[0];
      if (name !== undefined) names.add(name);
    }
  }
  return names;
}

const declaration =
  /\b(declare|typeset|local|readonly|export|integer)['"]?((?:[ \t]|\\\n)(?:\\\n|[^\n;|&])*)/g;
