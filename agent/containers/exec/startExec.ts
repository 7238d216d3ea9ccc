import type { Container, Exec } from 'dockerode';
import type { Duplex } from 'node:stream';
import { FrameReader, type Piece } from './frames';

/** What to run in a container. */
export interface ExecOptions {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workdir?: string;
  readonly terminal: { readonly columns: number; readonly rows: number } | undefined;
}

/** A command that runs in a container. */
export interface RunningExec {
  readonly ended: Promise<void>;
  write(data: Uint8Array): void;
  /** Bytes written that it has not taken. */
  waiting(): number;
  end(): void;
  resize(columns: number, rows: number): void;
  close(): void;
  exit(): Promise<number | undefined>;
}

/** How long an engine may take to tell that a command has ended whose output has. Milliseconds. */
const exitDeadline = 3000;

/**
 * Starts a command in a container and carries its output to `take`, whose promise is back-pressure. Rejects with what
 * the engine says.
 */
export async function startExec(
  container: Container,
  { command, env, user, workdir, terminal }: ExecOptions,
  take: (piece: Piece) => void | Promise<void>,
): Promise<RunningExec> {
  const isTerminal = terminal !== undefined;
  const exec = await container.exec({
    Cmd: [...command],
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    Tty: isTerminal,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    ...(user !== undefined && { User: user }),
    ...(workdir !== undefined && { WorkingDir: workdir }),
  });
  // From API 1.42 on it has its size from the beginning; others leave this unread.
  const size = terminal && { ConsoleSize: [terminal.rows, terminal.columns] };
  const start = { hijack: true, stdin: true, Tty: isTerminal, ...size };
  const stream: Duplex = await exec.start(start);
  const resize = sizing(exec, stream);
  if (terminal !== undefined) resize(terminal.columns, terminal.rows);
  return {
    ended: carry(stream, isTerminal, take),
    write: data => void (stream.writable && stream.write(data)),
    waiting: () => stream.writableLength,
    end: () => void stream.end(),
    resize,
    close: () => void stream.destroy(),
    exit: () => exitOf(exec),
  };
}

/** A terminal takes no size before its process is there, which may be a moment after the start. */
function sizing(exec: Exec, stream: Duplex): (columns: number, rows: number) => void {
  let last = 0;
  const set = async (w: number, h: number, turn: number): Promise<void> => {
    for (let tries = 0; tries < 20 && turn === last && !stream.destroyed; tries++) {
      try {
        return void (await exec.resize({ w, h }));
      } catch {
        // Not yet, or not any more.
        await new Promise<void>(resolve => setTimeout(resolve, 20 * (tries + 1)));
      }
    }
  };
  return (columns, rows) => void set(columns, rows, ++last);
}

async function carry(
  stream: Duplex,
  isTerminal: boolean,
  take: (piece: Piece) => void | Promise<void>,
): Promise<void> {
  const frames = new FrameReader();
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      const pieces: Piece[] = isTerminal ? [{ channel: 'stdout', bytes: chunk }] : frames.read(chunk);
      for (const piece of pieces) await take(piece);
    }
  } catch {
    // Reset or closed: an end like any other; whoever wants to know why asks the engine.
  } finally {
    stream.destroy();
  }
}

/** Engines tell it a moment after the output's end. */
async function exitOf(exec: Exec): Promise<number | undefined> {
  const end = performance.now() + exitDeadline;
  for (let pause = 5; ; pause = Math.min(pause * 2, 200)) {
    const found = await exec.inspect().catch(() => undefined);
    if (found === undefined) return undefined;
    if (!found.Running && found.ExitCode !== null) return found.ExitCode;
    if (performance.now() > end) return undefined;
    await new Promise<void>(resolve => setTimeout(resolve, pause));
  }
}
