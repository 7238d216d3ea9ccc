import { parse } from 'es-module-lexer/js';

/**
 * A JavaScript cell as the interpreter takes it: what is evaluated piece by piece knows no `import`, so each becomes a
 * call of ours. Nothing else of the text is touched, whatever stands in its strings, templates and comments; text that
 * is no JavaScript stays as it is, for the interpreter to say what is wrong. Lines keep their numbers.
 */
export function withImports(text: string): string {
  if (!/\bimport\b/.test(text)) return text;
  const found = importsOf(text);
  let code = '';
  let at = 0;
  for (const { start, end, isStatic } of found) {
    const written = text.slice(start, end);
    code += text.slice(at, start) + (isStatic ? awaited(written) : caller);
    at = isStatic ? end : start + 'import'.length;
  }
  return code + text.slice(at);
}

const caller = '__handrailImport';

function importsOf(text: string): { start: number; end: number; isStatic: boolean }[] {
  try {
    return parse(text)[0]
      .filter(({ type }) => type === 'static' || type === 'dynamic')
      .map(({ type, importStart: start, importEnd: end }) => ({ start, end, isStatic: type === 'static' }))
      .sort((a, b) => a.start - b.start);
  } catch {
    return [];
  }
}

/** `import a, { b as c } from 'd'` as `const { default: a, b: c } = await …('d')`. */
function awaited(statement: string): string {
  const [, names, from = ''] = /^import\s*(?:([^'"]*?)\s*from\s*)?(['"][^]*?['"])/.exec(statement) ?? [];
  const lines = '\n'.repeat(statement.split('\n').length - 1);
  if (names === undefined) return `await ${caller}(${from})${lines}`;
  return `${bindings(names.replace(/\s+/g, ' ').trim())}await ${caller}(${from})${lines}`;
}

function bindings(names: string): string {
  const [, first, rest = ''] = /^([\w$]+)?\s*,?\s*(.*)$/.exec(names) ?? [];
  const all = /^\*\s*as\s+([\w$]+)$/.exec(rest)?.[1];
  if (all !== undefined) return `const ${all}${first === undefined ? '' : `, { default: ${first} }`} = `;
  const named = rest.startsWith('{')
    ? rest.slice(1, -1).replace(/([\w$]+|'[^']*'|"[^"]*") as /g, '$1: ')
    : '';
  return `const {${first === undefined ? '' : ` default: ${first},`}${named} } = `;
}
