import { cellVariable } from '../host';
import type { Ending, Execution, OutputSink } from '../executor';
import { endingOf } from '../executeProcess';
import type { Graces } from '../process/stopLadder';
import { newMarker } from '../process/endMarker';
import { cellOutput, type CellOutput } from '../interpreter/cellOutput';
import {
  brokenMessage,
  type CellOfInterpreter,
  requestFor,
  takeReply,
  withoutSecrets,
} from '../interpreter/interpreterRunner';
import type { CellReply } from '../interpreter/control';
import { troubleOf } from './access';
import { ContainerLadder } from './containerLadder';
import type { ContainerPlace } from './containerPlace';
import { giveOutput, longestOutput } from './outputOfCell';
import { cutOff } from './runContainerCell';
import { type LiveInContainer, startLive } from './liveInContainer';

/** A cell of a language whose state is a live interpreter. */
export interface InterpreterCell extends CellOfInterpreter {
  readonly place: ContainerPlace;
  /** Absolute path of the interpreter in the container. */
  readonly program: string;
  /** Path of its files in the container, without extension. */
  readonly path: string;
  readonly number: number;
  readonly host: { readonly id: string; readonly graces: Graces; readonly interpreterStart: number };
}

/** Runs the cells of one language of a session in one interpreter in the container. */
export class InterpreterInContainer {
  readonly #kind: 'python' | 'node';
  #live: LiveInContainer | undefined;
  /** Where that runs. */
  #place: ContainerPlace | undefined;
  #lost: string | undefined;

  constructor(kind: 'python' | 'node') {
    this.#kind = kind;
  }

  /** There was one before, and `how` it ended: what the next cell says. */
  lost(how: string): void {
    this.#live?.close();
    this.#live = undefined;
    this.#lost = how;
  }

  /** It has run cells: a new one lacks what they have set. */
  get isUsed(): boolean {
    return this.#live !== undefined || this.#lost !== undefined;
  }

  run(prepared: Promise<InterpreterCell>, sink: OutputSink): Execution {
    const cell = new CellOfLive(sink);
    const ended = cell.go(async () => {
      const context = await prepared;
      return { context, live: await this.#get(context) };
    });
    return {
      ended: ended.then(ending => {
        if (cell.hasLost) this.#forget(ending);
        return ending;
      }),
      write: data => cell.live?.process.write(data),
      resize: (columns, rows) => cell.live?.process.resize(columns, rows),
      stop: reason => cell.stop(reason),
    };
  }

  async #get(cell: InterpreterCell): Promise<{ live: LiveInContainer; note: string | undefined }> {
    // The target may mean another container by now.
    if (this.#live !== undefined && this.#place !== cell.place) this.lost('between two cells');
    const note = this.#lost;
    const said =
      note &&
      `${this.#kind} had ended (${note}); this is a new one, without the variables of earlier cells. Run those that this cell needs again.\n`;
    if (this.#live !== undefined) return { live: this.#live, note: undefined };
    const { place, program, number, spec, host } = cell;
    const live = await startLive({
      ...{ place, program, kind: this.#kind, name: `${this.#kind}-${number}` },
      env: withoutSecrets(cell),
      terminal: spec.terminal,
      deadline: host.interpreterStart,
    });
    this.#live = live;
    this.#place = place;
    this.#lost = undefined;
    void live.process.ended.then(() => {
      if (this.#live !== live) return;
      this.#live = undefined;
      this.#lost = 'between two cells';
    });
    return { live, note: said };
  }

  #forget({ exit, signal }: Ending): void {
    this.#live?.close();
    this.#live = undefined;
    this.#lost = signal ?? `exit ${exit ?? 'unknown'}`;
  }
}

class CellOfLive {
  readonly #sink: OutputSink;
  live: LiveInContainer | undefined;
  hasLost = false;
  #stopped: 'cancel' | 'timeout' | undefined;
  #ladder: ContainerLadder | undefined;
  #makeLadder: (() => ContainerLadder) | undefined;
  #giveUp: () => void = () => undefined;
  readonly #abandoned = new Promise<void>(resolve => (this.#giveUp = resolve));

  constructor(sink: OutputSink) {
    this.#sink = sink;
  }

  stop(reason: 'cancel' | 'timeout'): void {
    this.#stopped ??= reason;
    if (this.#makeLadder === undefined) return this.#giveUp();
    this.#ladder ??= this.#makeLadder();
    this.#ladder.next(() => this.live?.process.close());
  }

  async go(
    begin: () => Promise<{
      context: InterpreterCell;
      live: { live: LiveInContainer; note: string | undefined };
    }>,
  ): Promise<Ending> {
    try {
      const begun = await Promise.race([begin(), this.#abandoned]);
      if (begun === undefined) return { reason: this.#stopped ?? 'cancel' };
      const { context, live } = begun;
      this.live = live.live;
      if (live.note !== undefined) await this.#sink.write('stderr', Buffer.from(live.note));
      return await this.#execute(context, live.live);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { reason: this.#stopped ?? 'error', message: error.message };
    } finally {
      this.#makeLadder = undefined;
    }
  }

  async #execute(cell: InterpreterCell, live: LiveInContainer): Promise<Ending> {
    const marker = newMarker();
    const output = cellOutput(marker, live.hasTerminal ? ['tty'] : ['stdout', 'stderr'], this.#sink);
    live.receive(output);
    this.#makeLadder = () => new ContainerLadder(cell.place, live.mark, cell.host.graces);
    output.onFailure(() => this.stop('cancel'));
    const reply = await Promise.race([
      live.execute(requestFor(cell, marker)),
      live.process.ended.then(() => undefined),
    ]);
    await output.finish(reply === undefined);
    live.receive(undefined);
    return this.#settle(cell, live, reply, output);
  }

  async #settle(
    cell: InterpreterCell,
    live: LiveInContainer,
    reply: CellReply | undefined,
    output: CellOutput,
  ): Promise<Ending> {
    this.hasLost = reply === undefined;
    if (reply === undefined) {
      const trouble = this.#ladder?.trouble ?? (await troubleOf(cell.place.access));
      if (trouble !== undefined) return { reason: this.#stopped ?? 'lost', message: trouble };
    }
    const own = `${cellVariable}=${cell.marker}`;
    const lost = reply === undefined ? (live.process.lost?.() ?? live.lost()) : undefined;
    if (lost !== undefined) this.#ladder ??= this.#makeLadder?.();
    const left = await this.#ladder?.finish(reply === undefined ? live.mark : own);
    if (lost !== undefined)
      return { reason: this.#stopped ?? 'lost', message: left ?? cutOff(cell.place, lost) };
    const { output: given } = await cell.place.collect(cell.path, longestOutput, own);
    giveOutput(cell.spec, given);
    if (output.failure !== undefined) return { reason: 'error', message: output.failure };
    if (live.isBroken)
      return { ...endingOf({ exit: 1 }, this.#stopped), message: brokenMessage({ name: live.kind }) };
    const ending =
      reply === undefined
        ? endingOf(exitOf(await live.process.exit()), this.#stopped)
        : takeReply(reply, this.#stopped, cell);
    return { ...ending, ...(left !== undefined && { message: left }) };
  }
}

function exitOf(exit: number | undefined): { exit?: number } {
  return exit === undefined ? {} : { exit };
}
