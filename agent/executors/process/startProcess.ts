import type { OutputSink } from '../executor';
import type { Command, RunningProcess } from './command';
import { startWithPipes } from './startWithPipes';
import { startWithTerminal } from './startWithTerminal';

/** What a started process tells whoever started it. */
export interface ProcessObserver {
  readonly sink: OutputSink;
  /** The sink could not take the output. */
  readonly sinkFailed: (error: unknown) => void;
}

/** Starts a process as leader of its own session and process group. Throws what spawning throws. */
export function startProcess(command: Command, observer: ProcessObserver): RunningProcess {
  return command.terminal === undefined
    ? startWithPipes(command, observer)
    : startWithTerminal(command, command.terminal, observer);
}
