import * as fs from 'node:fs';
import * as net from 'node:net';
import { HandrailError } from '../protocol/errors';
import type { Rendezvous } from '../rendezvous';
import type { Wire } from '../transport/wire';

/** An open socket and the token to show on it. */
export interface Dialled {
  readonly wire: Wire;
  readonly token: string;
}

/**
 * Opens the socket of an agent. Undefined: nobody listens there.
 *
 * @throws HandrailError `unavailable` where the socket is another user's or does not answer.
 */
export async function dial(
  { socket, token }: Rendezvous,
  signal?: AbortSignal,
): Promise<Dialled | undefined> {
  checkOwner(socket);
  try {
    const wire = await open(socket, signal);
    try {
      return { wire, token: fs.readFileSync(token, 'utf8') };
    } catch (error) {
      wire.destroy();
      throw error;
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['ENOENT', 'ECONNREFUSED', 'ECONNRESET'].includes(code)) return undefined;
    signal?.throwIfAborted();
    throw new HandrailError(
      'unavailable',
      `The agent cannot be reached at ${socket}: ${(error as Error).message}`,
      { reason: 'socket', socket, code },
      { cause: error },
    );
  }
}

function open(path: string, signal: AbortSignal | undefined): Promise<Wire> {
  return new Promise((resolve, reject) => {
    // Not given to the socket itself, which the signal would then end at any later time.
    const giveUp = (): void => {
      socket.destroy();
      reject(signal?.reason as Error);
    };
    const socket = net.connect(path);
    signal?.addEventListener('abort', giveUp, { once: true });
    socket.once('error', error => {
      signal?.removeEventListener('abort', giveUp);
      reject(error);
    });
    socket.once('connect', () => {
      signal?.removeEventListener('abort', giveUp);
      // The connection's own listeners come next; an error before them must not end the process.
      socket.on('error', () => socket.destroy());
      resolve({ input: socket, output: socket, destroy: () => socket.destroy() });
    });
  });
}

/** Its folder is ours alone already; this holds where somebody put a foreign socket there before that was so. */
function checkOwner(socket: string): void {
  if (process.getuid === undefined) return;
  const found = fs.lstatSync(socket, { throwIfNoEntry: false });
  if (found === undefined || found.uid === process.getuid()) return;
  throw new HandrailError('unavailable', `The socket ${socket} belongs to another user: remove it`, {
    reason: 'another-user',
    socket,
    uid: found.uid,
  });
}
