import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ending, Execution, OutputSink } from '../executor';
import { endingOf } from '../executeProcess';
import { cellVariable, hostVariable } from '../host';
import type { ProcessExit } from '../process/command';
import { newMarker } from '../process/endMarker';
import { startLadder, type StopLadder, unended } from '../process/stopLadder';
import { type CellContext, processEnvironment } from '../cellContext';
import { withoutOwn } from '../shell/plainShell';
import { cellOutput, type CellOutput } from './cellOutput';
import { languageOf } from '../../runbook/languages';
import type { CellReply, CellRequest } from './control';
import { type LiveInterpreter, startInterpreter } from './liveInterpreter';
import { withImports } from './withImports';

/** What of a cell the interpreter is told, wherever that runs. */
export interface CellOfInterpreter extends Pick<CellContext, 'spec' | 'env' | 'state' | 'cwd' | 'marker'> {
  readonly host: { readonly id: string };
}

/** What one language needs to be kept alive. */
export interface InterpreterKind {
  readonly name: string;
  readonly driver: string;
  readonly driverFile: string;
  /** Arguments before the driver's path. */
  readonly args: readonly string[];
}

/** Runs the cells of one language of a session in one interpreter, and starts another where that one has ended. */
export class InterpreterRunner {
  readonly #kind: InterpreterKind;
  #live: LiveInterpreter | undefined;
  #lost: string | undefined;

  #used = false;

  constructor(kind: InterpreterKind) {
    this.#kind = kind;
  }

  get name(): string {
    return this.#kind.name;
  }

  /** It has run cells: a new one lacks what they have set. */
  get isUsed(): boolean {
    return this.#used || this.#lost !== undefined;
  }

  /** There was one before, and `how` it ended: what the next cell says. */
  lost(how: string): void {
    this.#lost = how;
  }

  /** Ends the interpreter that is alive; what it has started stays. */
  async end(): Promise<void> {
    const live = this.#live;
    if (live === undefined) return;
    this.#live = undefined;
    live.control.close();
    await live.end();
  }

  /** Pid of the interpreter that is alive. */
  get pid(): number | undefined {
    return this.#live?.process.pid;
  }

  run(program: readonly string[], context: CellContext, sink: OutputSink): Execution {
    const live = this.#live ?? this.#start(program, context);
    this.#used = true;
    const marker = newMarker();
    const output = cellOutput(marker, live.streams, sink);
    live.receive(output);
    if (context.spec.terminal !== undefined) {
      live.process.resize(context.spec.terminal.columns, context.spec.terminal.rows);
    }
    this.#sayWhatWasLost(output);
    const reply = live.control.execute(requestFor(context, marker));
    return this.#execution(live, reply, output, context);
  }

  #execution(
    live: LiveInterpreter,
    reply: Promise<CellReply | undefined>,
    output: CellOutput,
    context: CellContext,
  ): Execution {
    let stopped: 'cancel' | 'timeout' | undefined;
    let ladder: StopLadder | undefined;
    let over = false;
    const { pid } = live.process;
    const cellMarker = `${cellVariable}=${context.marker}\n`;
    const begin = (): void => {
      if (over || pid === undefined) return;
      if (ladder !== undefined) ladder.next();
      else ladder = startLadder({ groups: [pid], marker: cellMarker }, pid, context.host.graces);
    };
    output.onFailure(begin);
    let late = false;
    void live.control.connectsWithin(context.host.interpreterStart).then(inTime => {
      late = !inTime;
      if (late) live.process.child.kill('SIGKILL');
    });
    const settle = async (): Promise<Ending> => {
      const answer = await Promise.race([reply, live.exited.then(() => undefined)]);
      const exit = answer === undefined ? await live.exited : undefined;
      over = ladder === undefined;
      const rest = exit === undefined ? { groups: [], marker: cellMarker, except: [pid ?? 0] } : undefined;
      const left = (await ladder?.finish(rest)) ?? [];
      over = true;
      if (exit !== undefined) await live.process.drain();
      await output.finish(exit !== undefined);
      live.receive(undefined);
      if (output.failure !== undefined) return { reason: 'error', message: output.failure };
      if (late && stopped === undefined)
        return { reason: 'error', message: lateMessage(this.#kind, context) };
      const ending =
        answer === undefined
          ? endingOfExit(exit ?? {}, stopped, this.#kind, live.control.isBroken)
          : takeReply(answer, stopped, context);
      return { ...unended(left), ...ending };
    };
    return {
      ended: settle(),
      write: data => live.process.write(data),
      resize: (columns, rows) => live.process.resize(columns, rows),
      stop(reason) {
        if (over) return;
        stopped ??= reason;
        begin();
      },
    };
  }

  #start(program: readonly string[], context: CellContext): LiveInterpreter {
    const driver = join(context.folder, this.#kind.driverFile);
    writeFileSync(driver, this.#kind.driver, { mode: 0o600 });
    const [file = '', ...first] = program;
    const live = startInterpreter({
      file,
      args: [...first, ...this.#kind.args, driver],
      name: `${this.#kind.name}-${context.number}`,
      env: {
        ...withoutSecrets(context),
        [hostVariable]: context.host.id,
        [cellVariable]: `${context.session}.${this.#kind.name}`,
      },
      context,
    });
    this.#live = live;
    void live.exited.then(exit => {
      if (this.#live !== live) return;
      this.#live = undefined;
      this.#lost = exit.error === undefined ? (exit.signal ?? `exit ${exit.exit ?? 0}`) : undefined;
    });
    return live;
  }

  #sayWhatWasLost(output: CellOutput): void {
    if (this.#lost === undefined) return;
    const text = `${this.#kind.name} had ended (${this.#lost}); this is a new one, without the variables of earlier cells.`;
    void output.write('stderr', Buffer.from(`${text} Run those that this cell needs again.\n`));
    this.#lost = undefined;
  }
}

/** What the interpreter is asked to do for a cell. */
export function requestFor(context: CellOfInterpreter, marker: string): CellRequest {
  const { spec, state, cwd } = context;
  const env = processEnvironment(context);
  return {
    text: spec.text,
    ...(languageOf(spec.language)?.kind === 'node' && { code: withImports(spec.text) }),
    file: spec.file,
    line: spec.line,
    cwd,
    umask: state.umask,
    env: { ...env, [hostVariable]: context.host.id, [cellVariable]: context.marker },
    marker,
    exact: spec.exact === true,
    secrets: [...(spec.secrets?.keys() ?? [])],
  };
}

/** What it keeps for as long as it lives, so nothing that is for one cell alone. */
export function withoutSecrets({ env, state }: Pick<CellContext, 'env' | 'state'>): Record<string, string> {
  const all = [...state.env, ...env];
  return Object.fromEntries(all.filter(([, value]) => state.secrets.namesIn(value).length === 0));
}

/** Keeps the state that it tells of; gives how the cell ended. */
export function takeReply(
  reply: CellReply,
  stopped: 'cancel' | 'timeout' | undefined,
  context: Pick<CellContext, 'spec' | 'env' | 'state'>,
): Ending {
  const { spec, state } = context;
  if (spec.cwd === undefined) state.cwd = reply.cwd;
  state.umask = reply.umask;
  state.setEnv(withoutCellVariables(reply.env, context));
  const exit: ProcessExit = reply.interrupted ? { signal: 'SIGINT' } : { exit: reply.exit };
  const failed = reply.failed === undefined ? {} : { failedLine: reply.failed - spec.line + 1 };
  return { ...endingOf(exit, stopped), ...(reply.exit === 0 ? {} : failed) };
}

/** A variable that was set for this cell only, and that the cell left alone, gets its former value. */
function withoutCellVariables(
  env: Readonly<Record<string, string>>,
  context: Pick<CellContext, 'env' | 'state'>,
): Map<string, string> {
  return withoutOwn(new Map(Object.entries(env)), context, context.state);
}

function lateMessage({ name }: InterpreterKind, { host }: CellContext): string {
  const seconds = host.interpreterStart / 1000;
  return `${name} had not begun after ${seconds} s, so it was ended. See whether something waits that it loads at its start (PYTHONSTARTUP, sitecustomize, NODE_OPTIONS, a slow disk), and run the cell again.`;
}

/** How a cell counts that wrote where its interpreter answers. */
export function brokenMessage({ name }: Pick<InterpreterKind, 'name'>): string {
  return `The cell, or what it started, wrote to the line on which ${name} answers Handrail, so how it ended is not known. ${name} was ended.`;
}

function endingOfExit(
  exit: ProcessExit,
  stopped: 'cancel' | 'timeout' | undefined,
  kind: Pick<InterpreterKind, 'name'>,
  isBroken = false,
): Ending {
  // It ends well without its line, which says nothing of the cell.
  if (isBroken) return { ...endingOf({ exit: 1 }, stopped), message: brokenMessage(kind) };
  if (exit.error === undefined) return endingOf(exit, stopped);
  return { reason: 'error', message: `${kind.name} could not be started: ${exit.error.message}` };
}
