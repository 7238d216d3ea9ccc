import type { Diagnostic, FrontMatter, Position } from './model';

/** A typed parameter of a runbook: front matter `inputs`. */
export interface InputSpec extends Position {
  /** An identifier; also the name of the variable that cells see. */
  readonly name: string;
  readonly type: 'string' | 'number' | 'boolean' | 'choice' | 'secret';
  readonly description?: string;
  /** As a person would type it. */
  readonly default?: string;
  /** There where {@link type} is `choice`. */
  readonly choices?: readonly string[];
  /** Matches the whole value. */
  readonly pattern?: string;
  /** Whether a run cannot start without a value; true where there is no default, unless the author says otherwise. */
  readonly required: boolean;
  readonly example?: string;
}

/** The inputs that a runbook declares. Those with a mistake in them are left out and are a diagnostic. */
export function declaredInputs(
  _frontMatter: FrontMatter | undefined,
  _source: string,
): { inputs: InputSpec[]; diagnostics: Diagnostic[] } {
  return { inputs: [], diagnostics: [] };
}

/** What is wrong with a value, in words for who typed it; nothing where it can be used. */
export function checkInput(_spec: InputSpec, _text: string): string | undefined {
  return undefined;
}

/** The environment variable that an input reaches cells by. */
export function inputVariable(name: string): string {
  return name;
}
