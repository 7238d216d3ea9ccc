import type { ShellContext } from './shellContext';

/**
 * How a shell's text refers to a variable: what stands for its value, or why nothing can. `before` and `after` are the
 * characters around it.
 */
export type ShellDialect = (
  variable: string,
  context: ShellContext,
  before: string,
  after: string,
) => string | Unfillable;

/** Why a value cannot stand in a place, and what to do. */
export interface Unfillable {
  readonly why: string;
  readonly hint: string;
}

/** bash, sh and zsh. */
export const posixDialect: ShellDialect = (variable, context) => {
  if (context === 'bare') return `"\${${variable}}"`;
  if (context === 'double' || context === 'heredoc' || context === 'arithmetic') return `\${${variable}}`;
  return unfillable(context, `"\${${variable}}"`);
};

export const fishDialect: ShellDialect = (variable, context, _before, after) => {
  if (context === 'bare') return `"$${variable}"`;
  if (context !== 'double') return unfillable(context, `"$${variable}"`);
  // A name goes on as far as it can, and `[` would be an index: then the quotes are closed and opened again.
  return /[\w[]/.test(after) ? `""$${variable}""` : `$${variable}`;
};

export const powershellDialect: ShellDialect = (variable, context, before, after) => {
  if (context === 'double' || context === 'heredoc') return `\${env:${variable}}`;
  if (context !== 'bare') return unfillable(context, `"\${env:${variable}}"`);
  if (/[\s(,=;{|[]|^$/.test(before) && /[\s),;}|\]]|^$/.test(after)) return `$env:${variable}`;
  return { why: 'it is a part of a word', hint: 'Put the whole word in double quotes.' };
};

const reasons: Readonly<Record<Exclude<ShellContext, 'bare' | 'double' | 'heredoc' | 'comment'>, string>> = {
  single: 'nothing is replaced between single quotes',
  ansi: "nothing is replaced in $'…'",
  'quoted-heredoc': 'nothing is replaced in a here-document whose delimiter is quoted',
  arithmetic: 'it is computed here',
  expansion: 'in "${…}" each shell reads it in its own way',
  unknown: 'what the shell makes of it here cannot be told for sure',
};

function unfillable(context: ShellContext, reference: string): Unfillable {
  const why = reasons[context as keyof typeof reasons] ?? 'it is no place for a value';
  if (context === 'quoted-heredoc') {
    return { why, hint: 'Take the quotes off the delimiter, and write \\$ for each $ that is meant as one.' };
  }
  if (context === 'single' || context === 'ansi') {
    return {
      why,
      hint: `Use double quotes, or close the quote before it and open it again after it: '…'${reference}'…'.`,
    };
  }
  return { why, hint: 'Set a variable to it in a line of its own before, and use that one here.' };
}
