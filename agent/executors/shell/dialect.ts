import type { Environment, SessionState } from '../sessionState';

/** A shell cell about to run. */
export interface ShellCell {
  /** What is to run, one character a byte. */
  readonly text: string;
  /** Line of the file that the text starts on. */
  readonly line: number;
  readonly strict: boolean;
  /** Variables for this cell only. */
  readonly env: Environment;
  /** Absolute path of the file that {@link ShellScript.content} is written to and the state is read from. */
  readonly path: string;
  /** The name the shell gives itself in its messages. */
  readonly name: string;
}

/** What to start for a cell. */
export interface ShellScript {
  /** Arguments of the shell; the text itself is in a file, where `ps` does not show it and no limit cuts it. */
  readonly args: readonly string[];
  /** One character a byte. */
  readonly content: string;
  /** Variables that have to be there before the shell starts. */
  readonly env: Environment;
}

/** What a shell said when it ended. */
export interface ShellReport {
  readonly cwd: string;
  readonly umask: number;
  /** Line within the file, and the status of the command there. */
  readonly failed?: { readonly line: number; readonly status: number };
  /** Environment without what was for the cell only; computed when asked for. */
  readonly env: () => Environment;
}

/** One kind of shell with the state it keeps between cells of a session. */
export interface ShellDialect {
  /** Builds the script for a cell from the kept state and the session's. */
  script(cell: ShellCell, state: SessionState): ShellScript;
  /**
   * Takes the state that the shell wrote when it ended; undefined, with nothing changed, where it is not whole: the
   * shell was killed or replaced.
   */
  accept(written: string, cell: ShellCell, state: SessionState): ShellReport | undefined;
}
