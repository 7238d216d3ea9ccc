import { encodeSource } from '../../runbook/decode';
import { endedExecution } from '../executeProcess';
import type { CellSpec, Execution, OutputSink } from '../executor';
import type { Host } from '../host';
import { programOf, notInstalled, unknownLanguage } from '../programs';
import type { SavedPlace } from '../savedSession';
import { cellVariables, nulMessage, terminalVariables } from '../sessionCells';
import { heldSecrets, restoredState, savedState } from '../sessionFile';
import { SessionShells } from '../sessionShells';
import { revealAll, SessionState } from '../sessionState';
import { shellCell, takeReport } from '../shell/shellRunner';
import type { ClientEnvironment } from '../../protocol/runs';
import type { ContainerHold } from './containerHold';
import type { ContainerPlace } from './containerPlace';
import { type InterpreterCell, InterpreterInContainer } from './interpreterInContainer';
import { type ContainerCell, runContainerCell } from './runContainerCell';

/** What a session knows before its container is open. */
interface Waiting {
  readonly variables: Map<string, string | undefined>;
  readonly secrets: Map<string, string>;
  readonly saved: SavedPlace | undefined;
}

/** A session's state once its container has told what it begins with. */
interface Opened {
  readonly state: SessionState;
  readonly shells: SessionShells;
  /** What the container gives to each process. */
  readonly base: ClientEnvironment;
}

const busyMessage = 'The session is running another cell. Wait until it has ended.';

/** The state that cells of one session share in one container, and the cells themselves, one at a time. */
export class ContainerSession {
  readonly #hold: ContainerHold;
  readonly #host: Host;
  #waiting: Waiting;
  #opened: Opened | undefined;
  #busy: Execution | undefined;
  readonly #branches = new Set<Execution>();
  readonly #interpreters = new Map<string, InterpreterInContainer>();

  constructor(hold: ContainerHold, host: Host, waiting?: Waiting, opened?: Opened) {
    this.#hold = hold;
    this.#host = host;
    this.#waiting = waiting ?? { variables: new Map(), secrets: new Map(), saved: undefined };
    this.#opened = opened;
  }

  run(spec: CellSpec, sink: OutputSink): Execution {
    if (this.#busy !== undefined) return endedExecution({ reason: 'error', message: busyMessage });
    const started = this.#execute(spec, sink);
    this.#busy = { ...started, ended: started.ended.finally(() => (this.#busy = undefined)) };
    return this.#busy;
  }

  start(spec: CellSpec, sink: OutputSink): Execution {
    const execution = this.fork().run(spec, sink);
    this.#branches.add(execution);
    void execution.ended.then(() => this.#branches.delete(execution));
    return execution;
  }

  /** One that begins with this one's state, in the same container. */
  fork(): ContainerSession {
    const { variables, secrets, saved } = this.#waiting;
    const waiting = { variables: new Map(variables), secrets: new Map(secrets), saved };
    const opened = this.#opened;
    const copy = opened && { state: opened.state.copy(), shells: opened.shells.copy(), base: opened.base };
    return new ContainerSession(this.#hold, this.#host, waiting, copy);
  }

  assign(variables: ReadonlyMap<string, string | undefined>): void {
    if (this.#opened !== undefined) this.#opened.state.assign(variables);
    else for (const [name, value] of variables) this.#waiting.variables.set(name, value);
  }

  protect(secrets: ReadonlyMap<string, string>): void {
    for (const [name, value] of secrets) this.#waiting.secrets.set(name, value);
    if (this.#opened === undefined) return;
    const { state, shells } = this.#opened;
    if (!state.secrets.protect(secrets)) return;
    state.hide();
    shells.hide(state);
  }

  /** Names of secrets whose placeholders are in the state and whose values are not known. */
  get lacking(): readonly string[] {
    if (this.#opened === undefined) return [];
    const { state, shells } = this.#opened;
    return heldSecrets(state, shells).filter(name => state.secrets.value(name) === undefined);
  }

  /** What is to be kept of it; undefined where no cell has run. */
  saved(): SavedPlace | undefined {
    if (this.#opened === undefined) return this.#waiting.saved;
    const { state, shells, base } = this.#opened;
    const used = [...this.#interpreters].filter(([, interpreter]) => interpreter.isUsed);
    return savedState(
      state,
      shells,
      base,
      used.map(([name]) => name),
    );
  }

  restoreSaved(saved: SavedPlace | undefined): void {
    this.#opened = undefined;
    this.#waiting = { variables: new Map(), secrets: this.#waiting.secrets, saved };
    for (const name of saved?.interpreters ?? [])
      if (name === 'python' || name === 'node') this.#interpreter(name);
    const how = 'the session went back to a state saved before';
    for (const interpreter of this.#interpreters.values()) interpreter.lost(how);
  }

  /** Ends what runs; the container is its holder's. */
  async end(): Promise<void> {
    const running = [...this.#branches, ...(this.#busy ? [this.#busy] : [])];
    for (const execution of running) execution.stop('cancel');
    await Promise.all(running.map(({ ended }) => ended));
  }

  #execute(spec: CellSpec, sink: OutputSink): Execution {
    const nul = spec.text.indexOf('\0');
    if (nul >= 0) return endedExecution({ reason: 'error', message: nulMessage(spec, nul) });
    const abort = new AbortController();
    const { kind } = (spec.interpreter === undefined ? programOf(spec.language) : undefined) ?? {};
    const execution =
      kind === 'python' || kind === 'node'
        ? this.#interpreter(kind).run(this.#prepareLive(spec, kind, sink, abort.signal), sink)
        : runContainerCell(this.#prepare(spec, sink, abort.signal), sink);
    return {
      ...execution,
      stop(reason) {
        abort.abort();
        execution.stop(reason);
      },
    };
  }

  #interpreter(kind: 'python' | 'node'): InterpreterInContainer {
    const interpreter = this.#interpreters.get(kind) ?? new InterpreterInContainer(kind);
    this.#interpreters.set(kind, interpreter);
    return interpreter;
  }

  /** What every cell needs, once the container is open. */
  async #begin(spec: CellSpec, sink: OutputSink, signal: AbortSignal) {
    const say = (text: string): void => void sink.write('stderr', Buffer.from(`${text}\n`));
    const place = await this.#hold.get(say, signal);
    const opened = (this.#opened ??= this.#open(place));
    const number = this.#hold.next();
    const path = `${place.facts.folder}/cell-${number}`;
    const given = { ...(spec.terminal && terminalVariables), ...spec.env, ...ownOutput(spec, path) };
    const variables = cellVariables(given, spec.secrets, opened.state);
    return {
      place,
      opened,
      number,
      path,
      variables,
      host: this.#host,
      spec,
      cwd: spec.cwd ?? opened.state.cwd,
    };
  }

  async #prepareLive(
    spec: CellSpec,
    kind: 'python' | 'node',
    sink: OutputSink,
    signal: AbortSignal,
  ): Promise<InterpreterCell> {
    const { opened, variables, ...cell } = await this.#begin(spec, sink, signal);
    const programs = programOf(spec.language)?.programs.map(([name]) => name) ?? [kind];
    const program = await found(cell.place, kind, programs);
    const marker = `${cell.place.hold}${cell.number}.`;
    return { ...cell, program, marker, env: variables, state: opened.state };
  }

  async #prepare(spec: CellSpec, sink: OutputSink, signal: AbortSignal): Promise<ContainerCell> {
    const begun = await this.#begin(spec, sink, signal);
    const { place, opened, number, path, variables: env, host, cwd } = begun;
    const { state, shells, base } = opened;
    const common = {
      ...{ place, spec, path, host, cwd },
      mark: `${place.hold}${number}.`,
      unset: Object.keys(base.env).filter(name => !state.env.has(name) && /^[A-Za-z_]\w*$/.test(name)),
    };
    const shell = spec.interpreter === undefined ? await this.#shell(spec, place, shells) : undefined;
    if (shell === undefined) return { ...common, ...(await this.#program(spec, place, path, state, env)) };
    const cell = shellCell({ spec, env }, path, `${path}.state`);
    const script = shell.dialect.script(cell, state);
    return {
      ...common,
      command: [shell.program, ...script.args],
      env: Object.fromEntries(script.env),
      file: { path, content: script.content },
      ended({ state: written, status }) {
        const report = written === undefined ? undefined : shell.dialect.accept(written, cell, state);
        if (report === undefined) return {};
        return takeReport(report, { state, spec }, typeof status === 'number' ? status : undefined);
      },
    };
  }

  #open({ facts }: ContainerPlace): Opened {
    const { variables, secrets, saved } = this.#waiting;
    const base = { cwd: facts.cwd, umask: facts.umask, user: '', env: Object.fromEntries(facts.env) };
    const state = new SessionState(facts.cwd, facts.umask, facts.env);
    state.secrets.protect(secrets);
    const begun =
      saved === undefined
        ? { state, shells: new SessionShells() }
        : restoredState('the state of the session', saved, base, state.secrets);
    begun.state.hide();
    begun.state.assign(variables);
    return { ...begun, base };
  }

  async #shell(spec: CellSpec, place: ContainerPlace, shells: SessionShells) {
    const entry = programOf(spec.language);
    if (entry?.kind === 'bash') {
      const { bash } = place.facts;
      const program = bash ?? 'sh';
      return { program, dialect: shells.get(bash === undefined ? 'posix' : 'bash') };
    }
    if (entry?.kind !== 'zsh' && entry?.kind !== 'fish') return undefined;
    const program = await found(place, spec.language, [entry.kind]);
    return { program, dialect: shells.get(entry.kind) };
  }

  /** A program that gets the cell as a file. */
  async #program(
    spec: CellSpec,
    place: ContainerPlace,
    path: string,
    state: SessionState,
    env: ReadonlyMap<string, string>,
  ): Promise<Pick<ContainerCell, 'command' | 'env' | 'file' | 'ended'>> {
    const { interpreter, language, text } = spec;
    const entry = programOf(language);
    if (interpreter === undefined && entry === undefined) throw new Error(unknownLanguage(language));
    const [name = '', ...args] = interpreter ?? [];
    const programs = entry?.programs ?? [];
    const program =
      interpreter === undefined
        ? await found(
            place,
            language,
            programs.map(([first]) => first),
          )
        : await found(place, name, [name]);
    const rest = interpreter === undefined ? argumentsOf(programs, program) : args;
    const extension = interpreter === undefined ? entry?.extension : undefined;
    const file = extension === undefined ? path : `${path}.${extension}`;
    const content = Buffer.from(encodeSource(text)).toString('latin1');
    return {
      command: [program, ...rest, file],
      env: Object.fromEntries(revealAll(new Map([...state.env, ...env]), state.secrets)),
      file: { path: file, content },
      ended: () => ({}),
    };
  }
}

function ownOutput({ env }: CellSpec, path: string): Record<string, string> {
  return env['HANDRAIL_OUTPUT'] === undefined ? {} : { HANDRAIL_OUTPUT: `${path}.output` };
}

async function found(place: ContainerPlace, language: string, names: readonly string[]): Promise<string> {
  const program = await place.find(names, {});
  if (program !== undefined) return program;
  const missing = notInstalled(names[0] ?? language, undefined).replace(/:.*/s, '');
  throw new Error(`${missing} in ${place.access.name}: use an image that has it, or run the cell elsewhere.`);
}

function argumentsOf(
  programs: readonly (readonly [string, ...string[]])[],
  program: string,
): readonly string[] {
  const entry = programs.find(([name]) => program === name || program.endsWith(`/${name}`));
  return entry?.slice(1) ?? [];
}
