import type { IncomingMessage } from 'node:http';
import type Docker from 'dockerode';
import type { Dialled } from '../engine/deadlines';

/** What of a container's log is wanted, in the engine's words. */
export interface LogQuery {
  readonly follow: boolean;
  /** Seconds since 1970, with nanoseconds. */
  readonly since?: string;
  readonly until?: string;
  readonly tail?: number;
}

/** What takes the bytes; while it says that it is full, none are read. */
export interface LogTaker {
  read(chunk: Buffer): void;
  readonly isFull: boolean;
  /** Set here: it is no longer full. */
  onRoom: () => void;
}

/**
 * Reads a log with its times until the engine ends it. Rejects with what the engine says, or what went wrong on the way,
 * or the signal's reason. `begun`: the engine has answered.
 */
export async function readLog(
  docker: Docker,
  id: string,
  { query, taker, begun }: { query: LogQuery; taker: LogTaker; begun: () => void },
  signal: AbortSignal,
): Promise<void> {
  const stream = await dial(docker, id, query, signal);
  begun();
  await new Promise<void>((resolve, reject) => {
    const fail = (error: unknown): void => {
      stream.destroy();
      reject(asError(error));
    };
    const abort = (): void => fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    stream.once('close', () => {
      signal.removeEventListener('abort', abort);
      // Cut off without an end; after one this changes nothing.
      reject(new Error('The engine broke off the log'));
    });
    stream.on('error', fail);
    stream.once('end', resolve);
    taker.onRoom = () => stream.resume();
    stream.on('data', (chunk: Buffer) => {
      try {
        taker.read(chunk);
      } catch (error) {
        fail(error);
      }
      if (taker.isFull) stream.pause();
    });
    if (signal.aborted) abort();
  });
}

/** dockerode's own method holds a log that is not followed in memory, whole. */
function dial(docker: Docker, id: string, query: LogQuery, signal: AbortSignal): Promise<IncomingMessage> {
  const modem = docker.modem as {
    dial(dialled: Dialled, answered: (error: unknown, stream: unknown) => void): void;
  };
  const dialled = {
    path: `/containers/${encodeURIComponent(id)}/logs?`,
    method: 'GET',
    abortSignal: signal,
    isStream: true,
    options: { ...query, stdout: true, stderr: true, timestamps: true },
    statusCodes: { 200: true, 400: 'bad parameter', 404: 'no such container', 500: 'server error' },
  };
  return new Promise((resolve, reject) => {
    modem.dial(dialled, (error, stream) => {
      if (error === null || error === undefined) resolve(stream as IncomingMessage);
      else reject(asError(error));
    });
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
