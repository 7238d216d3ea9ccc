import type { InputSpec } from '../inputs';
import type { Cell } from '../model';
import { cellPlaces } from './cellPlaces';
import { codeLanguages, fillCode } from './fillCode';
import { fillShell, shells } from './fillShell';
import { Filling, type Filled } from './filling';

/** What a cell's text is filled in with. */
export interface FillValues {
  /** The inputs that the runbook declares. */
  readonly inputs: readonly InputSpec[];
  /** Checked values by input name, as text. Without one, an input's default counts, else it was not given. */
  readonly values: ReadonlyMap<string, string>;
  /** Names of the secrets that the runbook declares. Their values are not needed. */
  readonly secrets: ReadonlySet<string>;
  /** Whether `<namespace>` and `{{name}}` in shell cells are filled in, too. */
  readonly placeholders: boolean;
}

/**
 * Puts inputs, secrets and placeholders into a cell's text: in a shell as references to variables, never as text;
 * elsewhere as literals of the language. `language` is the one that will run it, where that is not the cell's.
 */
export function fillIn(
  cell: Cell,
  values: FillValues,
  source: string,
  language: string = cell.language,
): Filled {
  const filling = new Filling(cell.text, cell, cellPlaces(cell, source));
  fill(filling, values, language);
  return filling.end();
}

/** The same for an attribute of the cell that is a shell command: `when`, `unless`, `verify`, `ready`. */
export function fillInCommand(command: string, cell: Cell, key: string, values: FillValues): Filled {
  const span = cell.attributes.find(attribute => attribute.key === key)?.span ?? cell.span;
  const place = { line: cell.line, column: cell.column + span.start - cell.span.start, span };
  const filling = new Filling(command, cell, () => place);
  fill(filling, values, 'bash');
  return filling.end();
}

function fill(filling: Filling, values: FillValues, language: string): void {
  const shell = shells.get(language);
  if (shell) fillShell(filling, values, language, shell);
  else fillCode(filling, values, codeLanguages.get(language), language);
}
