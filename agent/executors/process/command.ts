import type { ChildProcess } from 'node:child_process';

/** A process to start; building it and starting it are two things. */
export interface Command {
  /** Absolute path of the program. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All that the process gets. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether it gets a terminal (PTY), and of which size. */
  readonly terminal: TerminalSize | undefined;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** How a process ended: one of the two, or neither where it could not be started. */
export interface ProcessExit {
  readonly exit?: number;
  readonly signal?: NodeJS.Signals;
  /** It could not be started. */
  readonly error?: Error;
}

/** A started process in a process group of its own, and its output. */
export interface RunningProcess {
  /** Absent where it could not be started. */
  readonly pid: number | undefined;
  readonly child: ChildProcess;
  /** Settles when the process itself has ended, whoever still holds its output; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** Settles when all that was printed so far has been handed on; call it after {@link exited}. */
  readonly drain: () => Promise<void>;
  readonly write: (data: Uint8Array) => void;
  readonly resize: (columns: number, rows: number) => void;
  /** Closes its pipes or its terminal for good. */
  readonly release: () => void;
}
