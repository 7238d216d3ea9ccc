import type { Action } from './call';

/** An option as a person reads it: `-n, --dry-run`, `--tag <name>`. */
export interface OptionSpec {
  readonly flags: string;
  readonly about: string;
  /** May be given several times. */
  readonly many?: boolean;
  /** The only values allowed. */
  readonly choices?: readonly string[];
}

export interface CommandSpec {
  readonly name: string;
  /** Positional arguments, `<needed>` or `[optional]`, `...` for several. */
  readonly args?: string;
  readonly about: string;
  readonly options?: readonly OptionSpec[];
  /** What a person should know before. */
  readonly note?: string;
  /** Command line and what it does. */
  readonly examples: readonly (readonly [string, string])[];
  /** Commands below this one; then there is no {@link load}. */
  readonly commands?: readonly CommandSpec[];
  /** Loaded when called: a command pays for no other one. */
  readonly load?: () => Promise<Action>;
}
