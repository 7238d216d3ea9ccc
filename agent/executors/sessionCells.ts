import { statSync } from 'node:fs';
import { makeFolder } from '../makeFolder';
import type { ClientEnvironment } from '../protocol/runs';
import type { CellContext } from './cellContext';
import { endedExecution } from './executeProcess';
import type { CellSpec, Execution, OutputSink } from './executor';
import type { Host } from './host';
import { InterpreterRunner } from './interpreter/interpreterRunner';
import { interpreterKinds } from './interpreter/kinds';
import type { LeftProcesses } from './leftProcesses';
import { startFailure } from './process/startFailure';
import { findProgram, type LanguageProgram, notInstalled, programOf, unknownLanguage } from './programs';
import { runOnce } from './runOnce';
import type { SessionState } from './sessionState';
import type { SessionShells } from './sessionShells';
import { runShellCell } from './shell/shellRunner';

/** Where a session's cells run and whose they are. */
export interface SessionPlace {
  readonly host: Host;
  /** HANDRAIL_CELL of all its cells begins with it. */
  readonly id: string;
  /** Private folder of its files; made with the first cell. */
  readonly folder: string;
  readonly left: LeftProcesses;
}

/** What is to be started for a cell. */
export type CellProgram =
  | { readonly kind: 'shell'; readonly shell: string; readonly dialect: ReturnType<SessionShells['get']> }
  | { readonly kind: 'live'; readonly name: 'python' | 'node'; readonly program: readonly string[] }
  | {
      readonly kind: 'once';
      readonly program: readonly string[];
      readonly extension: string | undefined;
    };

/** A PTY shows colours and the cursor, but nobody wants to leave a pager. */
export const terminalVariables: Readonly<Record<string, string>> = {
  TERM: 'xterm-256color',
  PAGER: 'cat',
  GIT_PAGER: 'cat',
};

/** Starts the cells of a session, with the programs that its environment has and the state that it is in. */
export class SessionCells {
  readonly #place: SessionPlace;
  readonly #state: SessionState;
  readonly #shells: SessionShells;
  readonly #interpreters = new Map<string, InterpreterRunner>();
  readonly #programs = new Map<string, readonly string[]>();
  #environment: ClientEnvironment;
  /** Values of HANDRAIL_CELL whose cells have not ended. */
  readonly running = new Set<string>();
  #cells = 0;

  constructor(
    place: SessionPlace,
    environment: ClientEnvironment,
    state: SessionState,
    shells: SessionShells,
  ) {
    this.#place = place;
    this.#environment = environment;
    this.#state = state;
    this.#shells = shells;
  }

  /** Interpreters that live on between cells. */
  get interpreters(): readonly InterpreterRunner[] {
    return [...this.#interpreters.values()];
  }

  /** Shells are found on this client's PATH from now on. */
  adopt(environment: ClientEnvironment): void {
    this.#environment = environment;
    this.#programs.clear();
  }

  /** Tells the interpreters of these languages that are not alive that they are not the first ones. */
  lost(names: readonly string[], how: string): void {
    for (const name of names) if (name === 'python' || name === 'node') this.#interpreter(name).lost(how);
  }

  /** Ends the interpreters that are alive; what they have started stays. */
  async endInterpreters(): Promise<void> {
    await Promise.all(this.interpreters.map(runner => runner.end()));
  }

  /** Starts a cell; throws nothing. */
  start(spec: CellSpec, sink: OutputSink): Execution {
    const found = this.prepare(spec);
    if (typeof found === 'string') return endedExecution({ reason: 'error', message: found });
    return this.#attempt(spec, () => this.#execute(found, sink));
  }

  /** What it takes to start a cell, or why it cannot be. */
  prepare(spec: CellSpec): PreparedCell | string {
    const cwd = spec.cwd ?? this.#state.cwd;
    if (!isFolder(cwd)) return folderMessage(cwd, spec);
    const nul = spec.text.indexOf('\0');
    if (nul >= 0) return nulMessage(spec, nul);
    const program = this.#program(spec, cwd);
    if (typeof program === 'string') return program;
    return { program, context: () => this.#context(spec, cwd) };
  }

  #program(spec: CellSpec, cwd: string): CellProgram | string {
    if (spec.interpreter !== undefined) return this.#named(spec.interpreter, cwd);
    const entry = programOf(spec.language);
    if (entry === undefined) return unknownLanguage(spec.language);
    const program = this.#find(entry);
    if (program.length === 0) return notInstalled(entry.programs[0]?.[0] ?? spec.language, entry.get);
    const { kind, extension } = entry;
    if (kind === 'python' || kind === 'node') return { kind: 'live', name: kind, program };
    if (kind === 'once') return { kind: 'once', program, extension };
    const [shell = ''] = program;
    const isBash = kind === 'bash' && !/(?:^|\/)sh$/.test(shell);
    return { kind: 'shell', shell, dialect: this.#shells.get(kind === 'bash' && !isBash ? 'posix' : kind) };
  }

  #named(interpreter: readonly string[], cwd: string): CellProgram | string {
    const [name = '', ...args] = interpreter;
    const found = findProgram(name, this.#state.env.get('PATH'), cwd);
    if (found === undefined) return notInstalled(name, undefined);
    return { kind: 'once', program: [found, ...args], extension: undefined };
  }

  #execute(cell: PreparedCell, sink: OutputSink): Execution {
    const context = cell.context();
    const { marker } = context;
    const execution = this.#executeWith(cell.program, context, sink);
    this.running.add(marker);
    return { ...execution, ended: execution.ended.finally(() => this.running.delete(marker)) };
  }

  #executeWith(program: CellProgram, context: CellContext, sink: OutputSink): Execution {
    switch (program.kind) {
      case 'shell':
        return runShellCell(program.shell, program.dialect, context, sink);
      case 'live':
        return this.#interpreter(program.name).run(program.program, context, sink);
      case 'once':
        return runOnce(program.program, program.extension, context, sink);
    }
  }

  #attempt(spec: CellSpec, start: () => Execution): Execution {
    try {
      return start();
    } catch (error) {
      return endedExecution({ reason: 'error', message: this.whyNot(spec, error) });
    }
  }

  /** Words why a cell could not be started; throws what is no failure of the system's. */
  whyNot(spec: CellSpec, error: unknown): string {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    if (String(error.syscall).startsWith('spawn'))
      return startFailure(spec.language, error, this.#state.revealed);
    const { folder } = this.#place.host;
    return `The cell's files could not be written below ${folder}: ${error.message}. Make room there, or make it writable, and run the cell again.`;
  }

  #interpreter(kind: 'python' | 'node'): InterpreterRunner {
    const runner = this.#interpreters.get(kind) ?? new InterpreterRunner(interpreterKinds[kind]);
    this.#interpreters.set(kind, runner);
    return runner;
  }

  /** Shells are the client's; the others are found as the session's own shell would find them. */
  #find(entry: LanguageProgram): readonly string[] {
    const known = this.#programs.get(entry.kind);
    if (known !== undefined) return known;
    const isShell = entry.kind === 'bash' || entry.kind === 'zsh' || entry.kind === 'fish';
    const path = isShell ? this.#environment.env['PATH'] : this.#state.env.get('PATH');
    const found = findFirst(entry, path, this.#state.cwd);
    if (isShell && found.length > 0) this.#programs.set(entry.kind, found);
    return found;
  }

  #context(spec: CellSpec, cwd: string): CellContext {
    const { id, folder, host, left } = this.#place;
    // For each cell: a cell may have removed it, as with `rm -rf "$XDG_RUNTIME_DIR"`.
    makeFolder(folder);
    this.#cells += 1;
    const extra = spec.terminal === undefined ? {} : terminalVariables;
    return {
      spec,
      number: this.#cells,
      cwd,
      env: cellVariables({ ...extra, ...spec.env }, spec.secrets, this.#state),
      session: id,
      marker: `${id}.${this.#cells}`,
      folder,
      host,
      state: this.#state,
      left: group => left.add(group),
    };
  }
}

/** A cell that can be started. */
export interface PreparedCell {
  readonly program: CellProgram;
  /** Counts the cell and makes the folder for its files. */
  context(): CellContext;
}

/** Variables for one cell, with placeholders for what is secret. */
export function cellVariables(
  env: Readonly<Record<string, string>>,
  secrets: ReadonlyMap<string, string> | undefined,
  state: SessionState,
): Map<string, string> {
  const hidden = new Map(Object.entries(env).map(([name, value]) => [name, state.secrets.hide(value)]));
  for (const name of secrets?.keys() ?? []) hidden.set(name, state.secrets.placeholder(name));
  return hidden;
}

function findFirst(entry: LanguageProgram, path: string | undefined, cwd: string): readonly string[] {
  for (const [name, ...args] of entry.programs) {
    const found = findProgram(name, path, cwd);
    if (found !== undefined) return [found, ...args];
  }
  return [];
}

export function nulMessage(spec: CellSpec, at: number): string {
  const before = spec.text.slice(0, at).split('\n');
  const place = `${spec.file}:${spec.line + before.length - 1}:${(before.at(-1)?.length ?? 0) + 1}`;
  return `The cell holds a NUL character, which no program can read as text: ${place}. Remove it.`;
}

function folderMessage(cwd: string, spec: CellSpec): string {
  return spec.cwd === undefined
    ? `The folder that the session was in is not there: ${cwd}. Create it, give the cell a cwd=, or reset the session.`
    : `The folder of this cell is not there: ${cwd}. Create it, or correct cwd=`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
