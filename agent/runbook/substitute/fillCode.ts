import { codeContexts, type CodeLanguage } from './codeContexts';
import { expressionAt, type Expression } from './expressions';
import type { FillValues } from './fillIn';
import type { Filling } from './filling';
import { literal } from './literals';
import type { Unfillable } from './shellReference';
import { undeclared } from './undeclared';
import type { Span } from '../model';

/** Languages whose texts get literals. */
export const codeLanguages: ReadonlyMap<string, CodeLanguage> = new Map([
  ['python', 'python'],
  ['node', 'node'],
  ['typescript', 'node'],
  ['sql', 'sql'],
  ['json', 'json'],
]);

/** Puts literals into a text; `language` undefined: one whose literals nobody here knows. */
export function fillCode(
  filling: Filling,
  values: FillValues,
  language: CodeLanguage | undefined,
  id: string,
): void {
  const { text } = filling;
  const contextAt = language && codeContexts(language, text);
  for (let at = text.indexOf('${{'); at >= 0; at = text.indexOf('${{', at + 3)) {
    const expression = expressionAt(text, at);
    if (!expression || expression.kind === 'other') continue;
    const span = { start: at, end: at + expression.length };
    const context = contextAt?.(at) ?? 'code';
    if (context === 'comment') continue;
    const problem = undeclared(expression, values);
    if (problem) filling.error(span, 'unknown-value', ...problem);
    else if (!language) refuse(filling, span, refusal(id));
    else if (context !== 'code') refuse(filling, span, context === 'unknown' ? unsure(language) : inString);
    else if (touches(text, span)) refuse(filling, span, touching);
    else fill(filling, values, language, expression, span);
  }
}

const inString: Unfillable = {
  why: 'it stands inside a string, and what is filled in is a whole literal with quotes of its own',
  hint: 'Close the string before it, and join the parts: "a" + ${{ inputs.x }}.',
};

function unsure(language: CodeLanguage): Unfillable {
  if (language === 'sql') {
    return {
      why: 'databases do not agree on whether it stands inside a string or comment here',
      hint: 'Put it in a line of its own, away from backslashes and #.',
    };
  }
  return {
    why: 'whether it stands inside a string, comment or regular expression here cannot be told for sure',
    hint: 'Set a variable to it in the first line of the cell, and use that one here.',
  };
}

/** `f${{ inputs.x }}` would make a Python string of it that runs what is in braces; `'a'${{ … }}` one string in SQL. */
function touches(text: string, { start, end }: Span): boolean {
  return /[\p{L}\p{N}_$'"`\\]/u.test(`${text[start - 1] ?? ''}${text[end] ?? ''}`);
}

const touching: Unfillable = {
  why: 'it touches the word or string beside it, and would be read together with it',
  hint: 'Put a blank or an operator between them.',
};

function refusal(language: string): Unfillable {
  const why = `how a value is written in \`${language}\` is not known`;
  return { why, hint: 'Read it from the environment: it has the name of the input.' };
}

function fill(
  filling: Filling,
  { inputs, values }: FillValues,
  language: CodeLanguage,
  { kind, name }: Expression,
  span: Span,
): void {
  const spec = kind === 'inputs' ? inputs.find(input => input.name === name) : undefined;
  if (spec && spec.type !== 'secret') {
    const text = literal(language, spec.type, values.get(name) ?? spec.default);
    if (typeof text === 'string') filling.replace(span, name, text);
    else refuse(filling, span, text);
    return;
  }
  const read = readers[language]?.(name);
  if (read !== undefined) filling.replace(span, name, read, name);
  else refuse(filling, span, secretRefusal);
}

const secretRefusal: Unfillable = {
  why: 'a secret is never written into a text',
  hint: 'Hand it to the program by its environment, from a shell cell.',
};

/** Secrets are read while the program runs, and stand in no file. */
const readers: Readonly<Partial<Record<CodeLanguage, (name: string) => string>>> = {
  python: name => `__import__("os").environ["${name}"]`,
  node: name => `process.env["${name}"]`,
};

function refuse(filling: Filling, span: Span, { why, hint }: Unfillable): void {
  const written = filling.text.slice(span.start, span.end);
  filling.error(span, 'unfillable', `\`${written}\` cannot be filled in here: ${why}`, hint);
}
