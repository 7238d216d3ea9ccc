import type { InputSpec } from '../inputs';
import type { Cell, Diagnostic } from '../model';

/** What a cell's text is filled in with. */
export interface FillValues {
  /** The inputs that the runbook declares. */
  readonly inputs: readonly InputSpec[];
  /** Checked values by input name, as text. An input that is not there is optional and was not given: empty. */
  readonly values: ReadonlyMap<string, string>;
  /** Names of the secrets that the runbook declares. Their values are not needed. */
  readonly secrets: ReadonlySet<string>;
  /** Whether `<namespace>` and `{{name}}` in shell cells are filled in, too. */
  readonly placeholders: boolean;
}

/** A text that can be handed to its language. */
export interface Filled {
  readonly text: string;
  /** Names of the inputs, secrets and placeholders in it, in order, each once. */
  readonly used: readonly string[];
  /**
   * Environment variables that the text now refers to, with the name of the input, placeholder or secret whose
   * value each must have. They are not always called like it: `HANDRAIL_INPUT_pod_name` holds `<pod name>`.
   */
  readonly variables: ReadonlyMap<string, string>;
  /** Where one is an error, the cell must not run. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Puts inputs, secrets and placeholders into a cell's text: in a shell as references to variables, never as text;
 * elsewhere as literals of the language. `language` is the one that will run it, where that is not the cell's.
 */
export function fillIn(
  cell: Cell,
  _values: FillValues,
  _source: string,
  _language: string = cell.language,
): Filled {
  return { text: cell.text, used: [], variables: new Map(), diagnostics: [] };
}

/** The same for an attribute of the cell that is a shell command: `when`, `unless`, `verify`, `ready`. */
export function fillInCommand(command: string, _cell: Cell, _key: string, _values: FillValues): Filled {
  return { text: command, used: [], variables: new Map(), diagnostics: [] };
}
