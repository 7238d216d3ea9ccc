import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What an interpreter is asked to do: one line of JSON. */
export interface CellRequest {
  readonly text: string;
  /** What the interpreter takes for it, where that is something else. */
  readonly code?: string;
  readonly file: string;
  readonly line: number;
  readonly cwd: string;
  readonly umask: number;
  readonly env: Readonly<Record<string, string>>;
  /** Names of variables that are taken away when the cell is over. */
  readonly secrets: readonly string[];
  /** Printed on stdout and stderr when the cell is over. */
  readonly marker: string;
  /** Whether the value of its last expression is not shown: its stdout is used for something. */
  readonly exact: boolean;
}

/** What it answers when the cell is over. */
export interface CellReply {
  readonly exit: number;
  readonly interrupted: boolean;
  /** Line of the file. */
  readonly failed?: number;
  readonly cwd: string;
  readonly umask: number;
  readonly env: Readonly<Record<string, string>>;
}

/** The line to a live interpreter, beside its stdin and stdout, which are the cell's. */
export interface Control {
  /** Path of the socket that the interpreter connects to. */
  readonly path: string;
  /** Settles with whether the interpreter has connected within a time, in milliseconds, or not at all. */
  connectsWithin(time: number): Promise<boolean>;
  /** Sends a cell. Settles with undefined where the interpreter is gone, or the line broken, before it answers. */
  execute(request: CellRequest): Promise<CellReply | undefined>;
  /** What is no reply came through it: nothing that it says counts any more, and its interpreter ends. */
  readonly isBroken: boolean;
  close(): void;
}

/** Longest path of a Unix socket on every system, with room for the final NUL. Bytes. */
const socketPathLimit = 100;

/** An environment is not longer than this. Bytes. */
const longestReply = 16 * 1024 * 1024;

/** Listens in a private folder for one interpreter. */
export function openControl(folder: string, name: string): Control {
  const wanted = join(folder, name);
  const isLong = Buffer.byteLength(wanted) > socketPathLimit;
  const path = isLong ? join(mkdtempSync(join(tmpdir(), 'hr-')), 's') : wanted;
  rmSync(path, { force: true });
  let answer: ((reply: CellReply | undefined) => void) | undefined;
  const reply = (value: CellReply | undefined): void => {
    answer?.(value);
    answer = undefined;
  };
  let isBroken = false;
  const server = createServer();
  const connected = accept(server, path, value => {
    // A true answer may follow in the same piece: the first word counts, or the end would depend on timing.
    isBroken ||= value === 'broken';
    reply(value === 'broken' ? undefined : value);
  });
  return {
    path,
    get isBroken() {
      return isBroken;
    },
    connectsWithin: time => settlesWithin(connected, time),
    execute(request) {
      return new Promise(resolve => {
        answer = resolve;
        connected.then(
          socket => socket.write(`${JSON.stringify(request)}\n`),
          () => reply(undefined),
        );
      });
    },
    close() {
      server.close();
      connected.then(
        socket => socket.destroy(),
        () => undefined,
      );
      reply(undefined);
      rmSync(isLong ? dirname(path) : path, { recursive: true, force: true });
    },
  };
}

async function settlesWithin(promise: Promise<unknown>, time: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>(resolve => {
    timer = setTimeout(() => resolve(false), time).unref();
  });
  const settled = promise.then(
    () => true,
    () => true,
  );
  const inTime = await Promise.race([settled, late]);
  clearTimeout(timer);
  return inTime;
}

function accept(
  server: Server,
  path: string,
  told: (value: CellReply | 'broken' | undefined) => void,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('connection', socket => {
      server.close();
      const broken = (): void => {
        told('broken');
        // Without its line it ends, once the cell has.
        socket.destroy();
      };
      socket.on('error', () => socket.destroy());
      socket.on('close', () => told(undefined));
      const read = lineReader(line => {
        const answer = readReply(line);
        if (answer === undefined) broken();
        else told(answer);
      });
      socket.on('data', (chunk: Buffer) => {
        // A cell can write here too; the reply is then lost, as where the interpreter is.
        if (!read(chunk)) broken();
      });
      resolve(socket);
    });
    server.listen(path);
  });
}

/** Takes chunks and gives lines; false where one is longer than any reply. */
export function lineReader(take: (line: string) => void): (chunk: Buffer) => boolean {
  let parts: Buffer[] = [];
  let length = 0;
  return chunk => {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      take(Buffer.concat([...parts, chunk.subarray(from, at)]).toString('utf8'));
      parts = [];
      length = 0;
      from = at + 1;
    }
    parts.push(chunk.subarray(from));
    length += chunk.length - from;
    return length <= longestReply;
  };
}

/** A cell can get at the line too: what is no reply ends the interpreter with the cell. */
export function readReply(line: string): CellReply | undefined {
  let value: Partial<CellReply> | null;
  try {
    value = JSON.parse(line) as Partial<CellReply> | null;
  } catch {
    return undefined;
  }
  const { exit, interrupted, failed, cwd, umask, env } = value ?? {};
  const isReply =
    Number.isInteger(exit) &&
    typeof interrupted === 'boolean' &&
    (failed === undefined || Number.isInteger(failed)) &&
    typeof cwd === 'string' &&
    Number.isInteger(umask) &&
    typeof env === 'object' &&
    Object.values(env ?? { no: 0 }).every(one => typeof one === 'string');
  return isReply ? (value as CellReply) : undefined;
}
