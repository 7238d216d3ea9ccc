import type { InputSpec } from '../inputs';
import type { CodeLanguage } from './codeContexts';
import type { Unfillable } from './shellReference';

/** A value as a literal of a language, with the type that its input has. Undefined: an input that was not given. */
export function literal(
  language: CodeLanguage,
  type: InputSpec['type'],
  value: string | undefined,
): string | Unfillable {
  if (value === undefined || (value === '' && type !== 'string')) return nothing[language];
  if (type === 'number') return value.startsWith('-') && language !== 'json' ? `(${value})` : value;
  if (type === 'boolean') return booleans[language][value === 'true' ? 1 : 0];
  if (value.includes('\0'))
    return { why: 'its value has a NUL character in it', hint: 'Give another value.' };
  return strings[language](value);
}

const nothing: Readonly<Record<CodeLanguage, string>> = {
  python: 'None',
  node: 'null',
  sql: 'NULL',
  json: 'null',
};

const booleans: Readonly<Record<CodeLanguage, readonly [string, string]>> = {
  python: ['False', 'True'],
  node: ['false', 'true'],
  sql: ['FALSE', 'TRUE'],
  json: ['false', 'true'],
};

const strings: Readonly<Record<CodeLanguage, (value: string) => string | Unfillable>> = {
  json: escaped,
  node: escaped,
  python: escaped,
  sql: value => {
    if (!value.includes('\\')) return `'${value.replaceAll("'", "''")}'`;
    const why = 'its value has a backslash in it, which databases do not agree on';
    return { why, hint: 'Give a value without one, or let the database client read the variable.' };
  },
};

/** JSON's escapes mean the same in Python and JavaScript. Lone surrogates are escaped by `stringify` itself. */
function escaped(value: string): string {
  return JSON.stringify(value).replaceAll(/[\u007F-\u009F\u2028\u2029\uFEFF]/g, char => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
