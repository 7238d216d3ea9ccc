import type { Cell, Position, Span } from '../model';
import { languageOf } from '../languages';
import { cellPlaces } from './cellPlaces';
import { expressionAt } from './expressions';
import { lexFish } from './lexFish';
import { lexShell } from './lexShell';
import { placeholderTest } from './isPlaceholder';
import { placeholderName } from './placeholderName';
import { shapeAt } from './placeholderShape';

/** Text that stands for something only the reader knows: `<namespace>`, `{{name}}`. */
export interface Placeholder extends Position {
  /** What it is asked for by: its words joined by hyphens. */
  readonly name: string;
  /** As it stands in the text, its brackets included. */
  readonly written: string;
  /** Offsets into the cell's text, or into the value of {@link attribute}. */
  readonly span: Span;
  /** The guard it stands in, where that is not the text. */
  readonly attribute?: string;
}

/**
 * The placeholders of a shell cell and of its guards, in order; one for each place. `source`: the whole file, for
 * exact columns. `language`: the one that will run the cell.
 */
export function findPlaceholders(cell: Cell, source: string, language = cell.language): Placeholder[] {
  const placeOf = cellPlaces(cell, source);
  const inText = isShell(language)
    ? placeholdersIn(cell.text, language).map(found => ({ ...found, ...positionOf(placeOf(found.span)) }))
    : [];
  const inGuards = cell.attributes.flatMap(({ key, value, span }) => {
    if (value === true || !guards.has(key)) return [];
    const place = { line: cell.line, column: cell.column + span.start - cell.span.start, attribute: key };
    return placeholdersIn(value, 'bash').map(found => ({ ...found, ...place }));
  });
  return [...inText, ...inGuards];
}

const guards: ReadonlySet<string> = new Set(['when', 'unless', 'verify', 'ready']);

function isShell(language: string): boolean {
  return languageOf(language)?.kind === 'shell';
}

function positionOf({ line, column }: Position): Position {
  return { line, column };
}

function placeholdersIn(text: string, language: string): Pick<Placeholder, 'name' | 'written' | 'span'>[] {
  if (!/<[\p{L}.…]|\{\{/u.test(text)) return [];
  const lex = language === 'fish' ? lexFish : lexShell;
  const isPlaceholder = placeholderTest(text);
  const { atoms } = lex(text, (at, context) => {
    const char = text[at];
    if (char === '$') return expressionAt(text, at)?.length ?? 0;
    return char === '<' || char === '{' ? (shapeAt(text, at, context)?.written.length ?? 0) : 0;
  });
  return atoms.flatMap(atom => {
    const { span, context } = atom;
    const shape = shapeAt(text, span.start, context);
    if (!shape || !isPlaceholder(atom, shape)) return [];
    return [{ name: placeholderName(shape, atom), written: shape.written, span }];
  });
}

/** The environment variable that holds a placeholder's value. Names that have the same variable are the same. */
export function placeholderVariable(name: string): string {
  const ascii = name.replaceAll(/[^A-Za-z0-9_]/gu, char =>
    /\p{L}|\p{N}/u.test(char) ? `u${char.codePointAt(0)!.toString(16)}` : '_',
  );
  return `HANDRAIL_INPUT_${ascii}`;
}
