import { connect, type Socket } from 'node:net';
import * as z from 'zod';
import { celDuration } from '../conditions/values';
import { checkType } from './checkType';
import { networkFailure } from './networkFailure';
import { PortAddress } from './portAddress';
import { opened } from './opened';

const Options = z.strictObject({
  address: PortAddress,
  /** Sent once connected. */
  send: z.string().optional(),
  /** Whether an answer is waited for; with `send` it is. */
  read: z.boolean().optional(),
});

/** Whether somebody listens, and what they say. */
export const tcp = checkType({
  name: 'tcp',
  about: 'whether a port can be connected to, and what it answers',
  options: Options,
  values: {
    connect: ['duration', 'until the connection stood'],
    banner: ['string', 'the first line that was received, with `read` or `send`; else empty'],
  },
  up: 'true',
  subject: ({ address }) => address.written,
  async probe({ address, send, read = send !== undefined }, { signal }) {
    const begun = performance.now();
    const socket = connect({ host: address.host, port: address.port });
    try {
      await opened(socket, 'connect', signal);
      const took = celDuration(performance.now() - begun);
      if (send !== undefined) socket.write(send);
      return { connect: took, banner: read ? await firstLine(socket, signal) : '' };
    } catch (error) {
      throw networkFailure(error, address.written);
    } finally {
      socket.destroy();
    }
  },
});

/** Characters of a banner. */
const longest = 4096;

/** What comes up to the end of a line, of the connection, or of what is kept. */
function firstLine(socket: Socket, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (piece: string) => {
      text = (text + piece).slice(0, longest);
      const end = text.indexOf('\n');
      if (end >= 0 || text.length === longest) resolve(text.slice(0, end < 0 ? longest : end).trimEnd());
    });
    socket.once('end', () => resolve(text.trimEnd()));
    socket.once('error', reject);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
