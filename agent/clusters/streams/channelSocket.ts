import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { HandrailError } from '../../protocol/errors';
import { productVersion } from '../../version';
import type { ApiRefusal } from '../api/apiRefusal';
import { refusalOf } from '../api/apiRefusal';
import type { ClusterApi } from '../api/clusterApi';
import { ClusterSilent } from '../api/clusterUnusable';

/** A WebSocket to a part of a pod: `exec`, `attach`, `portforward`. */
export interface AskedSocket {
  readonly path: string;
  /** `command` may stand several times. */
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly protocols: readonly string[];
}

/** Milliseconds until the connection must be there; a node may have to be asked. */
const opening = 30_000;
/** Milliseconds between two questions whether the other end is there, and until it must have answered. */
const beat = 15_000;

/**
 * Opens a WebSocket to the API server as the context's user. Throws ApiRefusal and ClusterUnusable. It is paused,
 * so that nothing is missed before somebody listens: resume it then. What does not answer
 * for a while is cut, so that the socket's end is always told.
 * https://kubernetes.io/docs/concepts/architecture/nodes/#api-server-network-proxy
 */
export async function openChannelSocket(api: ClusterApi, asked: AskedSocket): Promise<WebSocket> {
  try {
    return await dialled(api, asked);
  } catch (error) {
    throw api.worded(error);
  }
}

async function dialled(api: ClusterApi, { path, query, protocols }: AskedSocket): Promise<WebSocket> {
  const { url, options } = await api.dial();
  const { headers, ...connection } = options;
  const target = new URL(url);
  target.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
  target.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
  target.search = new URLSearchParams(
    query.map(([name, value]): [string, string] => [name, value]),
  ).toString();
  const socket = new WebSocket(target, [...protocols], {
    ...connection,
    headers: { ...(headers as Record<string, string>), 'User-Agent': `handrail/${productVersion}` },
    handshakeTimeout: opening,
    perMessageDeflate: false,
    maxPayload: 64 * 2 ** 20,
  });
  await isOpen(socket, path);
  keepAlive(socket);
  return socket;
}

function isOpen(socket: WebSocket, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.removeListener('error', reject);
      socket.pause();
      // An error is followed by the end, which is what counts.
      socket.on('error', () => undefined);
      resolve();
    });
    socket.once('error', error =>
      reject(/handshake has timed out/.test(error.message) ? new ClusterSilent(path, opening) : error),
    );
    socket.once('unexpected-response', (_request, response) => {
      refusal(response).then(reject, reject);
    });
  });
}

async function refusal(response: IncomingMessage): Promise<ApiRefusal> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length;
    if (size < 1024 * 1024) parts.push(part);
  }
  return refusalOf(response.statusCode ?? 500, Buffer.concat(parts).toString(), response.headers);
}

/** A socket whose other end has gone without a word stays open for ever. */
function keepAlive(socket: WebSocket): void {
  let isAlive = true;
  const alive = (): void => void (isAlive = true);
  socket.on('pong', alive);
  socket.on('message', alive);
  const timer = setInterval(() => {
    // While nobody reads, no answer is read either.
    if (socket.isPaused) return;
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, beat);
  timer.unref();
  socket.once('close', () => clearInterval(timer));
}

/** The bytes of a message, the first of which is its channel. */
export function messageBytes(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

/** What is sent on a channel. */
export function onChannel(channel: number, bytes: Uint8Array): Buffer {
  const message = Buffer.allocUnsafe(bytes.length + 1);
  message[0] = channel;
  message.set(bytes, 1);
  return message;
}

/** Bytes of input that may wait to be taken. */
const mostWaiting = 4 * 1024 * 1024;

/** Sends, unless too much waits already: then HandrailError `invalidState`. What has ended takes nothing, silently. */
export function sendBounded(socket: WebSocket, channel: number, bytes: Uint8Array): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount + bytes.length > mostWaiting)
    throw new HandrailError('invalidState', 'The command takes no input; 4 MiB wait already');
  socket.send(onChannel(channel, bytes));
}
