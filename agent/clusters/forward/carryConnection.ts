import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import { HandrailError } from '../../protocol/errors';
import type { LiveCluster } from '../live/liveCluster';
import { messageBytes, onChannel, openChannelSocket } from '../streams/channelSocket';

/** Channels of a port; each begins with the port's number in two bytes. */
const data = 0;
const error = 1;
/** Bytes that may be on their way to the cluster before no more is read. */
const mostWaiting = 1024 * 1024;

/**
 * Carries one connection to a port of a pod until it ends. Gives why it could not be carried, undefined where it could.
 * https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#get-connect-get-requests-to-portforward-of-pod
 */
export async function carryConnection(
  cluster: LiveCluster,
  { namespace, pod, port }: { namespace: string; pod: string; port: number },
  local: Socket,
): Promise<string | undefined> {
  local.pause();
  const place = ['namespaces', namespace, 'pods', pod, 'portforward'].map(encodeURIComponent).join('/');
  try {
    const socket = await openChannelSocket(cluster.api, {
      path: `/api/v1/${place}`,
      query: [['ports', String(port)]],
      protocols: ['v4.channel.k8s.io'],
    });
    return await carry(socket, local);
  } catch (problem) {
    local.destroy();
    if (problem instanceof HandrailError) return problem.message;
    throw problem;
  }
}

function carry(socket: WebSocket, local: Socket): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  let said = '';
  const begun = new Set<number>();
  socket.on('message', (message: RawData) => {
    const bytes = messageBytes(message);
    const channel = bytes[0] ?? error;
    const body = bytes.subarray(begun.has(channel) ? 1 : 3);
    begun.add(channel);
    if (channel === error) {
      said += body.toString().slice(0, 1000);
      if (said !== '') socket.close();
    } else if (channel === data && !local.write(body)) {
      socket.pause();
      local.once('drain', () => socket.resume());
    }
  });
  local.on('data', (bytes: Buffer) => {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(onChannel(data, bytes), () => {
      if (socket.bufferedAmount < mostWaiting) local.resume();
    });
    if (socket.bufferedAmount >= mostWaiting) local.pause();
  });
  // The protocol cannot say that one side has ended: what the other one still sends comes until it closes.
  local.once('close', () => socket.close());
  socket.once('close', () => {
    local.end();
    resolve(said === '' ? undefined : said);
  });
  socket.resume();
  if (local.destroyed) socket.close();
  else local.resume();
  return promise;
}
