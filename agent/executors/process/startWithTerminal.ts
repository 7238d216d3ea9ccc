import { type ChildProcess, spawn } from 'node:child_process';
import { close, closeSync, write } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { Command, RunningProcess, TerminalSize } from './command';
import { newMarker, scanFor } from './endMarker';
import { openTerminal, type PseudoTerminal, resizeTerminal } from './pseudoTerminal';
import { pump } from './pump';
import type { ProcessObserver } from './startProcess';
import { exitOf } from './startWithPipes';
import { terminalWriter } from './terminalWriter';

/**
 * Takes the terminal as its controlling one, so that Ctrl-C and /dev/tty work: a session leader without one gets
 * it by opening it. SIGHUP is ignored because the kernel sends it to what `&` left behind when the leader ends.
 */
const takeTerminal = 'trap "" HUP; : <"$0"; exec "$@"';

/** How long to wait for a terminal that was stopped (Ctrl-S) to give its last bytes. Milliseconds. */
const drainDeadline = 2000;

/** Starts a process on a pseudo-terminal. */
export function startWithTerminal(
  command: Command,
  size: TerminalSize,
  observer: ProcessObserver,
): RunningProcess {
  const terminal = openTerminal(size.columns, size.rows);
  const child = spawnOn(terminal, command);
  const stream = new ReadStream(terminal.master);
  const marker = newMarker();
  const scanner = scanFor(marker);
  let markerFound = (): void => undefined;
  const received = new Promise<void>(resolve => (markerFound = resolve));
  const reading = pump(
    stream,
    bytes => {
      const printed = scanner.scan(bytes);
      if (scanner.found) markerFound();
      return printed.length > 0 ? observer.sink.write('tty', printed) : undefined;
    },
    observer.sinkFailed,
  );
  const writer = terminalWriter(terminal.master);
  void reading.closed.then(() => writer.close());
  const drain = async (): Promise<void> => {
    await writeThrough(terminal, marker, Promise.race([received, reading.closed]));
    const rest = scanner.rest();
    if (!scanner.found && rest.length > 0) await observer.sink.write('tty', rest);
    reading.detach();
  };
  // Once: it gives up the programs' end, whose number may be another file's by the next time.
  let drained: Promise<void> | undefined;
  child.once('error', () => {
    drained ??= Promise.resolve(closeSync(terminal.slave));
    stream.destroy();
  });
  return {
    pid: child.pid,
    child,
    exited: exitOf(child),
    drain: () => (drained ??= drain()),
    write: data => writer.write(data),
    resize(columns, rows) {
      if (!stream.destroyed) resizeTerminal(terminal, columns, rows);
    },
    release: () => stream.destroy(),
  };
}

function spawnOn(terminal: PseudoTerminal, command: Command): ChildProcess {
  const { master, slave, path } = terminal;
  try {
    return spawn('/bin/sh', ['-c', takeTerminal, path, command.file, ...command.args], {
      cwd: command.cwd,
      env: command.env,
      detached: true,
      stdio: [slave, slave, slave],
    });
  } catch (error) {
    closeSync(slave);
    closeSync(master);
    throw error;
  }
}

/**
 * Makes sure that all output has been read: a marker, written behind it into the terminal's own queue, has to come
 * out at our end. Only then is our hold on the programs' end given up, or the kernel would drop what is under way.
 */
async function writeThrough(terminal: PseudoTerminal, marker: string, arrived: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>(resolve => (timer = setTimeout(resolve, drainDeadline)));
  // Not the synchronous call: with a full queue it would wait for the reader, which is this thread.
  write(terminal.slave, marker, () => undefined);
  await Promise.race([arrived, late]);
  clearTimeout(timer);
  close(terminal.slave, () => undefined);
}
