import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../makeFolder';
import type { ClientEnvironment } from '../protocol/runs';
import type { CellContext } from './cellContext';
import { endedExecution } from './executeProcess';
import type { CellSpec, Ending, Execution, LeftProcess, OutputSink, Session } from './executor';
import { cellVariable, type Host } from './host';
import { InterpreterRunner } from './interpreter/interpreterRunner';
import { interpreterKinds } from './interpreter/kinds';
import { LeftProcesses } from './leftProcesses';
import { startFailure } from './process/startFailure';
import { findProgram, type LanguageProgram, notInstalled, programOf } from './programs';
import { runOnce } from './runOnce';
import { SessionState } from './sessionState';
import { createBash } from './shell/bash';
import type { ShellDialect } from './shell/dialect';
import { createFish } from './shell/fish';
import { createPosix } from './shell/posix';
import { createZsh } from './shell/zsh';
import { runShellCell } from './shell/shellRunner';

/** A PTY shows colours and the cursor, but nobody wants to leave a pager. */
const terminalVariables: Readonly<Record<string, string>> = {
  TERM: 'xterm-256color',
  PAGER: 'cat',
  GIT_PAGER: 'cat',
};

/** State files kept of a session, newest last. */
const keptFiles = 50;

const dialects = { bash: createBash, posix: createPosix, zsh: createZsh, fish: createFish } as const;

/** Executes the cells of one session, one at a time, in order. */
export class CellSession implements Session {
  readonly #host: Host;
  readonly #id: string;
  readonly #folder: string;
  #environment: ClientEnvironment;
  readonly #left: LeftProcesses;
  readonly #closed: () => void;
  #state: SessionState;
  #shells = new Map<string, ShellDialect>();
  #interpreters = new Map<string, InterpreterRunner>();
  readonly #programs = new Map<string, readonly string[]>();
  #cells = 0;
  #busy: Execution | undefined;

  constructor(host: Host, number: number, environment: ClientEnvironment, closed: () => void) {
    this.#closed = closed;
    this.#host = host;
    this.#id = `${host.id}.${number}`;
    this.#folder = join(host.folder, `session-${number}`);
    this.#environment = environment;
    this.#left = new LeftProcesses(host, `${cellVariable}=${this.#id}.`);
    this.#state = initialState(environment);
  }

  run(spec: CellSpec, sink: OutputSink): Execution {
    if (this.#busy !== undefined)
      return failed('The session is running another cell. Wait until it has ended.');
    const started = this.#start(spec, sink);
    const ended = started.ended.catch(brokenEnding).finally(() => (this.#busy = undefined));
    this.#busy = { ...started, ended };
    return this.#busy;
  }

  adopt(environment: ClientEnvironment): void {
    this.#state.adopt(this.#environment, environment);
    this.#environment = environment;
    this.#programs.clear();
  }

  processes(): Promise<LeftProcess[]> {
    const alive = [...this.#interpreters.values()].flatMap(runner => runner.pid ?? []);
    return Promise.resolve(this.#left.list(alive));
  }

  async reset(): Promise<void> {
    await this.#endAll();
    this.#state = initialState(this.#environment);
    this.#shells = new Map();
    this.#interpreters = new Map();
  }

  async close(): Promise<void> {
    await this.#endAll();
    rmSync(this.#folder, { recursive: true, force: true });
    this.#closed();
  }

  #start(spec: CellSpec, sink: OutputSink): Execution {
    const cwd = spec.cwd ?? this.#state.cwd;
    if (!isFolder(cwd)) return failed(folderMessage(cwd, spec));
    const nul = spec.text.indexOf('\0');
    if (nul >= 0) return failed(nulMessage(spec, nul));
    if (spec.interpreter !== undefined) return this.#runWith(spec.interpreter, spec, cwd, sink);
    const entry = programOf(spec.language);
    if (entry === undefined)
      return failed(`Nothing is known to run ${spec.language} cells. Name it with interpreter=`);
    const program = this.#find(entry);
    if (program.length === 0) return failed(notInstalled(entry.programs[0]?.[0] ?? spec.language, entry.get));
    return this.#attempt(spec, () => this.#execute(entry, program, this.#context(spec, cwd), sink));
  }

  #runWith(interpreter: readonly string[], spec: CellSpec, cwd: string, sink: OutputSink): Execution {
    const [name = '', ...args] = interpreter;
    const found = findProgram(name, this.#state.env.get('PATH'), cwd);
    if (found === undefined) return failed(notInstalled(name, undefined));
    return this.#attempt(spec, () => runOnce([found, ...args], undefined, this.#context(spec, cwd), sink));
  }

  #attempt(spec: CellSpec, start: () => Execution): Execution {
    try {
      return start();
    } catch (error) {
      const isSystemError = error instanceof Error && 'syscall' in error;
      if (!isSystemError) throw error;
      if (String(error.syscall).startsWith('spawn'))
        return failed(startFailure(spec.language, error, this.#state.env));
      return failed(`The cell's files could not be written below ${this.#host.folder}: ${error.message}`);
    }
  }

  #execute(
    entry: LanguageProgram,
    program: readonly string[],
    context: CellContext,
    sink: OutputSink,
  ): Execution {
    const { kind } = entry;
    if (kind === 'python' || kind === 'node') return this.#interpreter(kind).run(program, context, sink);
    if (kind === 'once') return runOnce(program, entry.extension, context, sink);
    const [shell = ''] = program;
    const isBash = kind === 'bash' && !/(?:^|\/)sh$/.test(shell);
    return runShellCell(shell, this.#shell(kind === 'bash' && !isBash ? 'posix' : kind), context, sink);
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

  #shell(kind: keyof typeof dialects): ShellDialect {
    const dialect = this.#shells.get(kind) ?? dialects[kind]();
    this.#shells.set(kind, dialect);
    return dialect;
  }

  #context(spec: CellSpec, cwd: string): CellContext {
    // For each cell: a cell may have removed it, as with `rm -rf "$XDG_RUNTIME_DIR"`.
    makeFolder(this.#folder);
    this.#cells += 1;
    const number = this.#cells;
    rmSync(join(this.#folder, `cell-${number - keptFiles}`), { force: true });
    const extra = spec.terminal === undefined ? {} : terminalVariables;
    return {
      spec,
      number,
      cwd,
      env: new Map(Object.entries({ ...extra, ...spec.env })),
      session: this.#id,
      marker: `${this.#id}.${number}`,
      folder: this.#folder,
      host: this.#host,
      state: this.#state,
      left: group => this.#left.add(group),
    };
  }

  async #endAll(): Promise<void> {
    const busy = this.#busy;
    busy?.stop('cancel');
    await this.#left.end();
    if (busy === undefined) return;
    await busy.ended;
    await this.#left.end();
  }
}

function initialState(environment: ClientEnvironment): SessionState {
  const { cwd, umask, env } = environment;
  return new SessionState(cwd, umask, new Map(Object.entries(env)));
}

function findFirst(entry: LanguageProgram, path: string | undefined, cwd: string): readonly string[] {
  for (const [name, ...args] of entry.programs) {
    const found = findProgram(name, path, cwd);
    if (found !== undefined) return [found, ...args];
  }
  return [];
}

function failed(message: string): Execution {
  const ending: Ending = { reason: 'error', message };
  return endedExecution(ending);
}

/** What must not happen does not keep the session from going on. */
function brokenEnding(error: unknown): Ending {
  const message = `A bug in Handrail: ${error instanceof Error ? error.message : String(error)}`;
  return { reason: 'error', message };
}

function nulMessage(spec: CellSpec, at: number): string {
  const before = spec.text.slice(0, at).split('\n');
  const place = `${spec.file}:${spec.line + before.length - 1}:${(before.at(-1)?.length ?? 0) + 1}`;
  return `The cell holds a NUL character, which no program can read as text: ${place}. Remove it.`;
}

function folderMessage(cwd: string, spec: CellSpec): string {
  return spec.cwd === undefined
    ? `The folder that the session was in is not there: ${cwd}. Create it, or reset the session.`
    : `The folder of this cell is not there: ${cwd}. Create it, or correct cwd=`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
