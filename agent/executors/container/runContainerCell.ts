import { endingOf } from '../executeProcess';
import type { CellSpec, Ending, Execution, OutputSink } from '../executor';
import { cellVariable } from '../host';
import { cellOutput, type CellOutput } from '../interpreter/cellOutput';
import { newMarker } from '../process/endMarker';
import type { Graces } from '../process/stopLadder';
import { type ExecProcess, troubleOf } from './access';
import { ContainerLadder } from './containerLadder';
import { type Collected, type ContainerPlace, holdVariable } from './containerPlace';
import { giveOutput, longestOutput } from './outputOfCell';
import { wrapper } from './scripts';

/** A cell that is to run as a command in a container. */
export interface ContainerCell {
  readonly place: ContainerPlace;
  readonly spec: CellSpec;
  /** Path of its files in the container, without extension. */
  readonly path: string;
  /** Value of HANDRAIL_CELL; ends with a dot, so that none is the beginning of another. */
  readonly mark: string;
  readonly cwd: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Variables that the container gives and the session has unset. */
  readonly unset: readonly string[];
  /** What its file is to hold, one character a byte, and where that is. */
  readonly file: { readonly path: string; readonly content: string };
  readonly host: { readonly id: string; readonly graces: Graces };
  /** Takes the state that it left. */
  ended(collected: Collected): Pick<Ending, 'failedLine'>;
}

/** After SIGKILL the engine gets so long to tell of the end. Milliseconds. */
const lastGrace = 3000;

/** Runs a cell in a container; `prepared` rejects with an Error for a person where it cannot be. */
export function runContainerCell(prepared: Promise<ContainerCell>, sink: OutputSink): Execution {
  const run = new CellRun(sink);
  return {
    ended: run.go(prepared),
    write: data => run.whenStarted(process => process.write(data)),
    resize: (columns, rows) => run.whenStarted(process => process.resize(columns, rows)),
    stop: reason => run.stop(reason),
  };
}

class CellRun {
  readonly #sink: OutputSink;
  #stopped: 'cancel' | 'timeout' | undefined;
  #giveUp: () => void = () => undefined;
  /** Settles when it is stopped before it has begun. */
  readonly #abandoned = new Promise<void>(resolve => (this.#giveUp = resolve));
  #waiting: ((process: ExecProcess) => void)[] = [];
  #process: ExecProcess | undefined;
  #ladder: ContainerLadder | undefined;
  #start: (() => ContainerLadder) | undefined;
  #over = false;

  constructor(sink: OutputSink) {
    this.#sink = sink;
  }

  whenStarted(act: (process: ExecProcess) => void): void {
    if (this.#process !== undefined) act(this.#process);
    else if (!this.#over) this.#waiting.push(act);
  }

  stop(reason: 'cancel' | 'timeout'): void {
    if (this.#over) return;
    this.#stopped ??= reason;
    if (this.#start === undefined) return this.#giveUp();
    this.#ladder ??= this.#start();
    const ladder = this.#ladder;
    ladder.next(() => {
      setTimeout(() => this.#process?.close(), ladder.trouble === undefined ? lastGrace : 0);
    });
  }

  async go(prepared: Promise<ContainerCell>): Promise<Ending> {
    try {
      const cell = await Promise.race([prepared, this.#abandoned]);
      if (cell === undefined) return { reason: this.#stopped ?? 'cancel' };
      return await this.#execute(cell);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { reason: this.#stopped ?? 'error', message: error.message };
    } finally {
      this.#over = true;
      this.#process?.close();
    }
  }

  async #execute(cell: ContainerCell): Promise<Ending> {
    const { place, spec, file } = cell;
    const marker = newMarker();
    const output = cellOutput(marker, spec.terminal ? ['tty'] : ['stdout', 'stderr'], this.#sink);
    // The terminal is the person's: what the shell reads has to be there before.
    if (spec.terminal) await place.write(file.path, file.content);
    if (this.#stopped !== undefined) return { reason: this.#stopped };
    this.#start = () => new ContainerLadder(place, markOf(cell), cell.host.graces);
    output.onFailure(() => this.stop('cancel'));
    const process = await place.start(startOf(cell, marker), (stream, bytes) =>
      output.write(spec.terminal ? 'tty' : stream, bytes),
    );
    this.#begin(process);
    if (!spec.terminal) {
      process.write(Buffer.from(file.content, 'latin1'));
      process.end();
    }
    const isComplete = await Promise.race([
      output.complete.then(() => true),
      process.ended.then(() => false),
    ]);
    return this.#settle(cell, process, output, isComplete);
  }

  #begin(process: ExecProcess): void {
    this.#process = process;
    for (const act of this.#waiting) act(process);
    this.#waiting = [];
  }

  async #settle(
    cell: ContainerCell,
    process: ExecProcess,
    output: CellOutput,
    isComplete: boolean,
  ): Promise<Ending> {
    await output.finish(!isComplete);
    const failed = output.failure;
    if (!isComplete) {
      const trouble = this.#ladder?.trouble ?? (await troubleOf(cell.place.access));
      if (trouble !== undefined) return { reason: this.#stopped ?? 'lost', message: trouble };
    }
    const lost = isComplete ? undefined : process.lost?.();
    // Nobody would ever hear of it again.
    if (lost !== undefined) this.#ladder ??= this.#start?.();
    const left = await this.#ladder?.finish();
    if (lost !== undefined)
      return { reason: this.#stopped ?? 'lost', message: left ?? cutOff(cell.place, lost) };
    const collected = await cell.place.collect(cell.path, longestOutput, markOf(cell));
    const ending = this.#endingOf(cell, collected, isComplete ? undefined : await process.exit());
    giveOutput(cell.spec, collected.output);
    if (failed !== undefined) return { reason: 'error', message: failed };
    return { ...ending, ...(left !== undefined && { message: left }) };
  }

  #endingOf(cell: ContainerCell, collected: Collected, told: number | undefined): Ending {
    const { status = told } = collected;
    if (status === 'cwd') {
      const message = `The folder of this cell is not there in ${cell.place.access.name}: ${cell.cwd}. Create it, or correct cwd=`;
      return { reason: 'error', message };
    }
    const { failedLine } = cell.ended(collected);
    if (status === undefined) {
      const message = `How it ended in ${cell.place.access.name} cannot be told: its files there are gone, and nobody else knows.`;
      return { reason: this.#stopped ?? 'error', message };
    }
    const ending = endingOf({ exit: status }, this.#stopped);
    const said = status === 137 && this.#stopped === undefined ? { message: killed } : {};
    return { ...ending, ...said, ...(status !== 0 && failedLine !== undefined && { failedLine }) };
  }
}

/** What is said where a cell's connection was cut, and it was ended. */
export function cutOff({ access }: ContainerPlace, lost: string): string {
  return `${lost}. What ran in ${access.name} was ended.`;
}

const killed = 'It was killed (SIGKILL), as happens where memory runs out';

function startOf(cell: ContainerCell, marker: string) {
  const { place, spec, host, mark, cwd, path, command, env } = cell;
  const { columns = 0, rows = 0 } = spec.terminal ?? {};
  const given = [
    host.id,
    mark,
    cwd,
    path,
    marker,
    String(columns),
    String(rows),
    spec.terminal ? 'no' : 'yes',
  ];
  return {
    command: [
      'sh',
      '-c',
      wrapper,
      'handrail',
      ...given,
      cell.file.path,
      cell.unset.join(' '),
      ...command,
    ] as const,
    env: { ...env, [holdVariable]: place.hold },
    terminal: spec.terminal,
  };
}

/** In the environment of what the cell starts. */
function markOf({ mark }: ContainerCell): string {
  return `${cellVariable}=${mark}`;
}
