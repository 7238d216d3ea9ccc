import type { Environment, SessionState } from '../sessionState';

/** A shell cell about to run. */
export interface ShellCell {
  /** What is to run, one character a byte. */
  readonly text: string;
  /** Line of the file that the text starts on. */
  readonly line: number;
  readonly strict: boolean;
  /** Variables for this cell only, with placeholders for secrets. */
  readonly env: Environment;
  /** Absolute path of the file that {@link ShellScript.content} is written to. */
  readonly path: string;
  /** Absolute path of the file that the state is written to when it ends. */
  readonly statePath: string;
  /** The name the shell gives itself in its messages. */
  readonly name: string;
  /** The cell goes on alone: it empties its file once it has been read. */
  readonly alone?: boolean;
}

/** What to start for a cell. */
export interface ShellScript {
  /** Arguments of the shell; the text itself is in a file, where `ps` does not show it and no limit cuts it. */
  readonly args: readonly string[];
  /** One character a byte; holds no secret. */
  readonly content: string;
  /** Variables that have to be there before the shell starts, secrets among them. */
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

/** What a dialect keeps, as JSON can hold it. */
export type SavedShell = Readonly<Record<string, unknown>>;

/** One kind of shell with the state it keeps between cells of a session. */
export interface ShellDialect {
  /** Builds the script for a cell from the kept state and the session's. */
  script(cell: ShellCell, state: SessionState): ShellScript;
  /**
   * Takes the state that the shell wrote when it ended; undefined, with nothing changed, where it is not whole: the
   * shell was killed or replaced.
   */
  accept(written: string, cell: ShellCell, state: SessionState): ShellReport | undefined;
  /** Another one with the same state. */
  copy(): ShellDialect;
  /** Hides what has become known as a secret. */
  hide(state: SessionState): void;
  /**
   * What it keeps, for {@link load}; undefined where no cell has run. What exported variables have from `client`, the
   * environment of whoever asked, is left out.
   */
  save(client: Environment): SavedShell | undefined;
  /** Takes what was saved; throws a TypeError where it is something else. */
  load(saved: SavedShell): void;
}
