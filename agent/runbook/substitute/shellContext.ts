import type { Span } from '../model';
import type { ReadAgain } from './secondReader';

/**
 * How a shell reads a place of its text. `heredoc` is one whose delimiter is not quoted; `expansion` is inside
 * `"${x#…}"`, where quotes work differently in each shell; `unknown` is where this lexer gives up.
 */
export type ShellContext =
  | 'bare'
  | 'double'
  | 'single'
  | 'ansi'
  | 'heredoc'
  | 'quoted-heredoc'
  | 'comment'
  | 'arithmetic'
  | 'expansion'
  | 'unknown';

/** A piece of a shell's text that is not the shell's: it is to be replaced before the shell reads it. */
export interface Atom {
  readonly span: Span;
  readonly context: ShellContext;
  /** Whether what stands here is computed, or names a variable: any text but a number could run a command. */
  readonly computed: boolean;
  /** The first word of the simple command it stands in, as written. */
  readonly command: string;
  /** The word before it in that command. */
  readonly before: string;
  /** Its own word up to it, quotes included; of a very long one only its start. */
  readonly word: string;
  /** Who reads it as code once the shell is done with it. */
  readonly again?: ReadAgain | undefined;
}

/** Tells whether an atom starts here: its length, or 0. */
export type AtomAt = (at: number, context: ShellContext) => number;

/** A text as a shell would cut it up. */
export interface LexedShell {
  readonly atoms: readonly Atom[];
  readonly contextAt: (offset: number) => ShellContext;
}
