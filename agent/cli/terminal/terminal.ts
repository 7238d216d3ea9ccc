import type { ReadStream, WriteStream } from 'node:tty';
import { createPaint, type Paint } from './paint';

export type ColorWhen = 'auto' | 'always' | 'never';

/** Where the program prints, and who looks on. */
export interface Terminal {
  readonly stdout: Screen;
  readonly stderr: Screen;
  /** Somebody sits there: all three standard streams are a terminal. */
  readonly attended: boolean;
  /** Resolves once everything that was printed has left the process, or its reader has gone. */
  flush(): Promise<void>;
}

export interface Screen {
  readonly tty: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly paint: Paint;
  /** Whether the next character stands at the beginning of a line, as far as known from what was printed. */
  readonly atLineStart: boolean;
  /** A returned promise is back-pressure. */
  write(data: string | Uint8Array): void | Promise<void>;
  /** Called once, when the reader has gone (`| head`). What is written from then on is dropped. */
  onGone(handler: () => void): void;
  onResize(handler: () => void): void;
  flush(): Promise<void>;
}

type World = Pick<NodeJS.Process, 'env'> & { stdin: unknown; stdout: unknown; stderr: unknown };

/** The terminal, or the pipes and files, that this process was started with. */
export function openTerminal(world: World, { color }: { color: ColorWhen }): Terminal {
  const [stdout, stderr] = [world.stdout, world.stderr].map(stream =>
    openScreen(stream as WriteStream, world.env, color),
  ) as [Screen, Screen];
  return {
    stdout,
    stderr,
    attended: stdout.tty && stderr.tty && (world.stdin as ReadStream).isTTY === true,
    flush: async () => {
      await Promise.all([stdout.flush(), stderr.flush()]);
    },
  };
}

function openScreen(stream: WriteStream, env: NodeJS.ProcessEnv, color: ColorWhen): Screen {
  let gone = false;
  let atLineStart = true;
  // One for all who wait: a list may have thousands of rows.
  let draining: Promise<void> | undefined;
  const leave = new Set<() => void>();
  stream.on('error', () => {
    // EPIPE, or the terminal was closed: nobody reads this any more, and nobody can be told through it.
    if (gone) return;
    gone = true;
    for (const handler of leave) handler();
  });
  return {
    tty: stream.isTTY === true,
    get columns() {
      return stream.columns > 0 ? stream.columns : 80;
    },
    get rows() {
      return stream.rows > 0 ? stream.rows : 24;
    },
    paint: createPaint(env, color, stream.isTTY === true),
    get atLineStart() {
      return atLineStart;
    },
    write(data) {
      if (gone || data.length === 0) return undefined;
      atLineStart = data.at(-1) === (typeof data === 'string' ? '\n' : 10);
      if (stream.write(data)) return undefined;
      draining ??= drained(stream).then(() => (draining = undefined));
      return draining;
    },
    onGone: handler => void leave.add(handler),
    onResize: handler => void stream.on('resize', handler),
    flush: () => (gone ? Promise.resolve() : new Promise(resolve => stream.write('', () => resolve()))),
  };
}

function drained(stream: WriteStream): Promise<void> {
  return new Promise(resolve => {
    const settle = (): void => {
      stream.off('drain', settle).off('error', settle).off('close', settle);
      resolve();
    };
    stream.on('drain', settle).on('error', settle).on('close', settle);
  });
}
