import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Command, ProcessExit, RunningProcess } from './command';
import { pump } from './pump';
import type { ProcessObserver } from './startProcess';

/** Starts a process with nothing to read and a pipe each for stdout and stderr. */
export function startWithPipes(command: Command, observer: ProcessObserver): RunningProcess {
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: command.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { sink, sinkFailed } = observer;
  const streams = (['stdout', 'stderr'] as const).map(name => {
    const stream = child[name] as Readable | null;
    return stream && { stream, pump: pump(stream, bytes => sink.write(name, bytes), sinkFailed) };
  });
  const pumps = streams.flatMap(entry => entry?.pump ?? []);
  return {
    pid: child.pid,
    child,
    exited: exitOf(child),
    async drain() {
      await Promise.all(pumps.map(each => each.drained()));
      for (const each of pumps) each.detach();
    },
    write: () => undefined,
    resize: () => undefined,
    release() {
      for (const entry of streams) entry?.stream.destroy();
    },
  };
}

/** When and how a child process ended. */
export function exitOf(child: ChildProcess): Promise<ProcessExit> {
  return new Promise(resolve => {
    child.once('error', error => {
      resolve({ error });
    });
    child.once('exit', (code, signal) => {
      if (signal !== null) resolve({ signal });
      else resolve({ exit: code ?? 0 });
    });
  });
}
