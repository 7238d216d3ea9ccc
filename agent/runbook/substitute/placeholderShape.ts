import type { ShellContext } from './shellContext';

/** Something that has the form of a placeholder. */
export interface PlaceholderShape {
  readonly written: string;
  /** What stands between the brackets. */
  readonly inside: string;
  readonly brackets: 'angle' | 'braces';
}

/** What at an offset has the form of a placeholder. Whether it is one depends on what stands around it. */
export function shapeAt(text: string, at: number, context: ShellContext): PlaceholderShape | undefined {
  if (context !== 'bare' && context !== 'double' && context !== 'single') return undefined;
  const piece = text.slice(at, at + longest);
  const [written, inside] = angle.exec(piece) ?? [];
  if (written !== undefined && inside !== undefined) return { written, inside, brackets: 'angle' };
  const [braced, name] = braces.exec(piece) ?? [];
  if (braced === undefined || name === undefined || text[at - 1] === '$' || text[at - 1] === '{')
    return undefined;
  return { written: braced, inside: name, brackets: 'braces' };
}

const longest = 100;

/** Begins with a letter, or is `<...>`; ends with no blank, as `<in >` of a redirection would. */
const angle = /^<((?:\p{L}(?:[\p{L}\p{N} _.,:/@'|+-]*[\p{L}\p{N}_.')])?)|\.\.\.|…)>/u;

const braces = /^\{\{[ \t]?([A-Za-z][\w-]*)[ \t]?\}\}(?!\})/;
