import type { OutputSink } from '../executor';
import type { Stream } from '../../protocol/output';
import type { ProcessExit, RunningProcess } from '../process/command';
import { type ProcessObserver, startProcess } from '../process/startProcess';
import type { CellContext } from '../cellContext';
import { type Control, openControl } from './control';

/** An interpreter that waits for cells. */
export interface LiveInterpreter {
  readonly process: RunningProcess;
  readonly control: Control;
  readonly exited: Promise<ProcessExit>;
  /** What its output arrives as. */
  readonly streams: readonly Stream[];
  /** Waits until it has ended by itself, as it does without its control line, and kills it where it does not. */
  end(): Promise<void>;
  /** Who gets the output from now on; between cells nobody. */
  receive(sink: OutputSink | undefined): void;
}

export interface InterpreterStart {
  readonly file: string;
  /** The path of the control socket is added. */
  readonly args: readonly string[];
  /** Of the socket's file. */
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** The cell it is started for; decides whether it gets a terminal, for as long as it lives. */
  readonly context: CellContext;
}

/** Time to end by itself. Milliseconds. */
const endGrace = 500;

/** Starts an interpreter with its driver. */
export function startInterpreter(start: InterpreterStart): LiveInterpreter {
  const { context } = start;
  const control = openControl(context.folder, start.name);
  let receiver: OutputSink | undefined;
  // Each cell's own output takes what its sink cannot.
  const sink: OutputSink = { write: (stream, bytes) => receiver?.write(stream, bytes) };
  context.host.guardian.begin();
  const started = startWith(start, control, { sink, sinkFailed: () => undefined });
  const { pid } = started;
  if (pid !== undefined) context.host.guardian.watch(pid);
  const exited = started.exited.then(exit => {
    control.close();
    if (pid !== undefined) context.left(pid);
    // Also between cells: it gives up the terminal.
    if (exit.error === undefined) void started.drain();
    return exit;
  });
  return {
    process: started,
    control,
    exited,
    async end() {
      const timer = setTimeout(() => started.child.kill('SIGKILL'), endGrace);
      await exited;
      clearTimeout(timer);
    },
    streams: context.spec.terminal === undefined ? ['stdout', 'stderr'] : ['tty'],
    receive: sink => void (receiver = sink),
  };
}

function startWith(start: InterpreterStart, control: Control, observer: ProcessObserver): RunningProcess {
  const { file, args, env, context } = start;
  const { cwd, spec } = context;
  try {
    return startProcess({ file, args: [...args, control.path], cwd, env, terminal: spec.terminal }, observer);
  } catch (error) {
    control.close();
    throw error;
  }
}
