import type { RawData, WebSocket } from 'ws';
import type { StreamEnd, StreamSink, StreamSource } from '../../byteStream';
import type { Status } from '../api/apiRefusal';
import type { ClusterApi } from '../api/clusterApi';
import { messageBytes, openChannelSocket, sendBounded } from './channelSocket';

/** What to run, or attach to. */
export interface AskedProcess {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Absent: attach to what runs already. */
  readonly command?: readonly string[];
  readonly terminal?: { readonly columns: number; readonly rows: number } | undefined;
}

/** A process within a container whose streams we have. */
export interface AttachedProcess {
  readonly source: StreamSource;
  /** Ends its input. */
  readonly endInput: () => void;
  /** Whether that can be told: by servers from 1.30 on. */
  readonly canEndInput: boolean;
  /** How it ended; never rejects. An end without `exit` and `message` was our own. */
  readonly ended: Promise<StreamEnd>;
}

/** Of the protocols `v5.channel.k8s.io` and `v4`: the first byte of each message. */
const channels = { in: 0, out: 1, err: 2, error: 3, resize: 4, close: 255 } as const;

/**
 * Runs a command in a container, or attaches to its own process, and carries output to a sink, whose promise is
 * back-pressure. Throws what the cluster says. A socket that drops is an end with a reason.
 * https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#get-connect-get-requests-to-exec-of-pod
 */
export async function attachStreams(
  api: ClusterApi,
  asked: AskedProcess,
  send: StreamSink['send'],
): Promise<AttachedProcess> {
  const { namespace, pod, container, command, terminal } = asked;
  const place = ['namespaces', namespace, 'pods', pod, command === undefined ? 'attach' : 'exec'];
  const isTerminal = terminal !== undefined;
  const socket = await openChannelSocket(api, {
    path: `/api/v1/${place.map(encodeURIComponent).join('/')}`,
    query: [
      ...(command ?? []).map(word => ['command', word] as const),
      ['container', container],
      ['stdin', 'true'],
      ['stdout', 'true'],
      // A terminal has one output.
      ['stderr', String(!isTerminal)],
      ['tty', String(isTerminal)],
    ],
    protocols: ['v5.channel.k8s.io', 'v4.channel.k8s.io'],
  });
  let isClosed = false;
  const ended = endOf(socket, send, () => isClosed);
  const resize = (columns: number, rows: number): void => {
    if (isTerminal)
      sendBounded(socket, channels.resize, Buffer.from(JSON.stringify({ Width: columns, Height: rows })));
  };
  if (terminal !== undefined) resize(terminal.columns, terminal.rows);
  const close = (): void => {
    isClosed = true;
    socket.close();
    setTimeout(() => socket.terminate(), 2000).unref();
  };
  const write = (data: Uint8Array): void => sendBounded(socket, channels.in, data);
  // Only v5 can say that there is no more input.
  const canEndInput = socket.protocol.startsWith('v5');
  const endInput = (): void =>
    canEndInput ? sendBounded(socket, channels.close, Buffer.from([channels.in])) : undefined;
  return { source: { write, resize, close }, endInput, canEndInput, ended };
}

function endOf(socket: WebSocket, send: StreamSink['send'], isClosed: () => boolean): Promise<StreamEnd> {
  const { promise, resolve } = Promise.withResolvers<StreamEnd>();
  let status: Status & { status?: string } = {};
  let sending = Promise.resolve();
  let waiting = 0;
  const carry = async (channel: 'out' | 'err', bytes: Buffer): Promise<void> => {
    waiting += 1;
    socket.pause();
    await send(channel, bytes);
    waiting -= 1;
    if (waiting === 0) socket.resume();
  };
  socket.on('message', (data: RawData) => {
    const bytes = messageBytes(data);
    const body = bytes.subarray(1);
    if (bytes[0] === channels.error) status = statusIn(body);
    else if (body.length > 0) {
      const channel = bytes[0] === channels.err ? 'err' : 'out';
      sending = sending.then(() => carry(channel, body));
    }
  });
  socket.once('close', (code: number, reason: Buffer) => {
    void sending.then(() => resolve(isClosed() ? {} : endIn(status, code, reason.toString())));
  });
  socket.resume();
  return promise;
}

function statusIn(bytes: Buffer): Status & { status?: string } {
  try {
    return JSON.parse(bytes.toString()) as Status & { status?: string };
  } catch {
    // v1 to v3 of the protocol say it in words.
    return { message: bytes.toString().slice(0, 1000) };
  }
}

/** https://github.com/kubernetes/design-proposals-archive/blob/main/node/cri-streaming.md */
function endIn(status: Status & { status?: string }, code: number, reason: string): StreamEnd {
  if (status.status === 'Success') return { exit: 0 };
  const exit = Number(status.details?.causes?.find(cause => cause.reason === 'ExitCode')?.message);
  if (status.reason === 'NonZeroExitCode' && Number.isInteger(exit)) return { exit };
  if (status.message !== undefined) return { message: status.message };
  const how = reason !== '' ? reason : code === 1006 ? 'it was cut' : `code ${code}`;
  return { message: `The connection was lost: ${how}` };
}
