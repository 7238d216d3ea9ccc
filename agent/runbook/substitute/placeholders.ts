import type { Cell, Position, Span } from '../model';

/** Text that stands for something only the reader knows: `<namespace>`, `{{name}}`. */
export interface Placeholder extends Position {
  /** What it is asked for by: its words joined by hyphens. */
  readonly name: string;
  /** As it stands in the text, its brackets included. */
  readonly written: string;
  /** Offsets into the cell's text. */
  readonly span: Span;
}

/** The placeholders of a shell cell, in order; one for each place. `source`: of the whole file, for exact columns. */
export function findPlaceholders(_cell: Cell, _source: string): Placeholder[] {
  return [];
}

/** The environment variable that holds a placeholder's value. Names that have the same variable are the same. */
export function placeholderVariable(name: string): string {
  return `HANDRAIL_INPUT_${name.replaceAll(/[^A-Za-z0-9_]/g, '_')}`;
}
