import type { Cell, Diagnostic, Span } from '../model';
import type { PlaceOf } from './cellPlaces';

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

/** Collects what is put into a text, and what cannot be. */
export class Filling {
  readonly text: string;
  readonly #cell: Pick<Cell, 'name'>;
  readonly #placeOf: PlaceOf;
  readonly #used = new Set<string>();
  readonly #variables = new Map<string, string>();
  readonly #diagnostics: Diagnostic[] = [];
  readonly #pieces: string[] = [];
  #end = 0;

  constructor(text: string, cell: Pick<Cell, 'name'>, placeOf: PlaceOf) {
    this.text = text;
    this.#cell = cell;
    this.#placeOf = placeOf;
  }

  /** To be called in the order of the text. `variable`: the one that the replacement reads. */
  replace(span: Span, name: string, replacement: string, variable?: string): void {
    this.#pieces.push(this.text.slice(this.#end, span.start), replacement);
    this.#end = span.end;
    this.#used.add(name);
    if (variable !== undefined) this.#variables.set(variable, name);
  }

  error(span: Span, code: string, message: string, hint?: string): void {
    this.#tell(span, 'error', code, message, hint);
  }

  warning(span: Span, code: string, message: string, hint?: string): void {
    this.#tell(span, 'warning', code, message, hint);
  }

  end(): Filled {
    const text = this.#pieces.join('') + this.text.slice(this.#end);
    return { text, used: [...this.#used], variables: this.#variables, diagnostics: this.#diagnostics };
  }

  #tell(span: Span, severity: 'error' | 'warning', code: string, message: string, hint?: string): void {
    this.#diagnostics.push({
      severity,
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...this.#placeOf(span),
      ...(severity === 'error' ? { cells: [this.#cell.name] } : {}),
    });
  }
}
