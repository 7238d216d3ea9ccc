import type { Stream } from '../protocol/output';
import type { ClientEnvironment } from '../protocol/runs';

/** Why and how a cell's execution ended. Set once; the first reason wins. */
export interface Ending {
  readonly reason: 'exit' | 'signal' | 'timeout' | 'cancel' | 'error' | 'lost';
  /** With `exit`; also with the others where the process still gave one. */
  readonly exit?: number;
  /** Name such as `SIGKILL`. */
  readonly signal?: string;
  /** What could not be done and what to do about it: with `error`, `lost` (it ran in part), and where a stopped cell left processes. */
  readonly message?: string;
  /** Line within the cell's text, from 1, of the command that failed, where the shell told. */
  readonly failedLine?: number;
}

/**
 * Takes what a cell prints, in order. A returned promise is back-pressure: no more is read from the cell until
 * it settles.
 */
export interface OutputSink {
  write(stream: Stream, bytes: Uint8Array): void | Promise<void>;
}

/** One cell to execute, everything resolved. */
export interface CellSpec {
  readonly language: string;
  readonly text: string;
  /** Shown by interpreters in their messages: the runbook's path and the line its text starts on. */
  readonly file: string;
  readonly line: number;
  /** Where it runs, as `target=` has it; absent: on this machine. */
  readonly target?: string;
  /** Whether its stdout is a value or a picture, so that it is what the cell prints and nothing else. */
  readonly exact?: boolean;
  /** Cells that have this in common have a container of the target for themselves, until {@link Session.release}. */
  readonly fresh?: string;
  /** As whom it runs on the target; absent: as what runs there does, in a container made for it as the client. */
  readonly user?: string;
  /** Absolute (on a target also relative to where that begins). Absent: where the session is. A cell with one goes back to the session's folder afterwards. */
  readonly cwd?: string;
  /** Variables for this cell only, HANDRAIL_RUN, HANDRAIL_STEP and HANDRAIL_FILE among them. */
  readonly env: Readonly<Record<string, string>>;
  /** A shell cell stops at its first failing command. */
  readonly strict: boolean;
  /** Whether it gets a terminal (PTY), and of which size. */
  readonly terminal: { readonly columns: number; readonly rows: number } | undefined;
  /** Program and arguments in place of the language's own. */
  readonly interpreter?: readonly string[];
  /**
   * Variables for this cell only whose values are secret: in its environment, never in a file. What the session keeps
   * of them, also inside other variables, it keeps as placeholders.
   */
  readonly secrets?: ReadonlyMap<string, string>;
}

/** A cell under way. */
export interface Execution {
  /** Settles when the cell's own process has ended and its output is in the sink; never rejects. */
  readonly ended: Promise<Ending>;
  /** Input for a terminal; ignored where there is none. */
  write(data: Uint8Array): void;
  resize(columns: number, rows: number): void;
  /**
   * Begins the ladder SIGINT, SIGTERM, SIGKILL over the whole tree, which ends with none of it left. Called again
   * it goes to the next rung at once.
   */
  stop(reason: 'cancel' | 'timeout'): void;
}

/** A process that outlived its cell (`&`). */
export interface LeftProcess {
  readonly pid: number;
  readonly command: string;
}

/** A process that goes on when we have ended: enough to find it again. */
export interface DetachedProcess {
  readonly pid: number;
  /** As {@link import('../store/types').HostProcess} has it. */
  readonly startTime: string;
}

/** A detached process that was started. */
export interface StartedDetached extends DetachedProcess {
  /** Ends it with all that it started; settles when it is gone, or with what the system did not let be ended. */
  end(): Promise<{ readonly message?: string }>;
}

/** Where a detached process leaves what it prints, and by what it is found. */
export interface DetachedPlace {
  /** Absolute path of a file. Bounded: what is longer goes on in it anew, with the part before in `LOG.1`. */
  readonly log: string;
  /** `NAME=value`, in its environment. */
  readonly mark: string;
}

/** Shell and interpreter state that cells of one runbook share. Runs one cell at a time. */
export interface Session {
  /** Starts a cell; throws nothing, a cell that cannot start ends with `error`. */
  run(spec: CellSpec, sink: OutputSink): Execution;
  /**
   * Takes over what has changed in the client's environment since it was last told of it; what cells have changed
   * themselves stays. Between cells only.
   */
  adopt(environment: ClientEnvironment): void;
  /**
   * Starts a cell beside the others: a copy of the state as it is now, which takes nothing back. Lives until it ends,
   * is stopped, or the session is closed.
   */
  start(spec: CellSpec, sink: OutputSink): Execution;
  /**
   * Starts a process that outlives session and host: not marked as ours, its output goes to a file. The cell's
   * language must be a shell or have an interpreter; neither it nor the state may have secrets, which nobody would mask.
   */
  detach(spec: CellSpec, place: DetachedPlace): Promise<StartedDetached | { readonly error: string }>;
  /**
   * A session that begins with a copy of this one's state, for a cell that runs at the same time. What its cells leave
   * running belongs to this one; its state ends with it.
   */
  fork(): Session;
  /** Sets (text) or unsets (undefined) exported variables, as if a cell had. */
  assign(variables: ReadonlyMap<string, string | undefined>): void;
  /** Private folder of its files. There while it executes a cell, and removed when it is closed. */
  readonly folder: string;
  /** Folder and exported variables as the next cell would find them. */
  readonly cwd: string;
  readonly env: ReadonlyMap<string, string>;
  /**
   * Values that the state must not hold in clear, by name; more with each call. Replaced in snapshots and in what is
   * kept between cells, put back when a cell starts.
   */
  protect(secrets: ReadonlyMap<string, string>): void;
  /** Every value that was protected at any time: cells can still print them. */
  readonly protectedValues: ReadonlySet<string>;
  /** Names of secrets whose placeholders are in the state and whose values are not known: {@link protect} them first. */
  readonly lacking: ReadonlySet<string>;
  /** Writes the state of the shells into one file (0600) that {@link SessionFactory.open} takes; synchronous. */
  save(path: string): void;
  /** Goes back to a state that was saved. Interpreters end: a new one starts with the next cell. */
  restore(path: string): Promise<void>;
  /** Gives up the containers that cells had for themselves. Rejects with an Error for a person where that cannot be. */
  release?(fresh: string): Promise<void>;
  /** Processes that its cells left behind. */
  processes(): Promise<LeftProcess[]>;
  /** Ends all its processes and removes its files. */
  close(): Promise<void>;
}

/** Opens sessions; one per process that executes cells. */
export interface SessionFactory {
  /** `environment` is the client's: the state a session starts from. */
  open(environment: ClientEnvironment): Session;
  /**
   * Folder and variables that a session of this client has once it has been restored from a file that was saved.
   * Throws HandrailError `invalidState` like {@link Session.restore}.
   */
  saved(path: string, environment: ClientEnvironment): Pick<ClientEnvironment, 'env' | 'cwd'>;
  /** Ends everything that any session has running. */
  close(): Promise<void>;
}
