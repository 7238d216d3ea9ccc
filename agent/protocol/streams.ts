import * as z from 'zod';
import { notification, request } from './message';
import { TerminalExtent } from './system';

// Streams of bytes between a client and something the agent holds open: a shell in a container, progress of a pull,
// a forwarded port. A request of an area opens one and gives its id; it ends with the connection.

/** Bytes that the agent sends ahead of the client's acknowledgement, at most; then it reads no more from the source. */
export const streamWindow = 1024 * 1024;

/** `data`: base64. `seq` counts from 1. */
export const streamData = notification(
  'streams/data',
  'agent',
  z.object({
    stream: z.number().int(),
    seq: z.number().int(),
    channel: z.enum(['out', 'err']),
    data: z.string(),
  }),
);
/** All up to `seq` has been dealt with. */
export const ackStream = notification(
  'streams/ack',
  'client',
  z.object({ stream: z.number().int(), seq: z.number().int() }),
);
/** The last of a stream. `exit`: where it was a process. `message`: why it ended, where that was not its own end. */
export const streamEnded = notification(
  'streams/ended',
  'agent',
  z.object({
    stream: z.number().int(),
    exit: z.number().int().optional(),
    message: z.string().optional(),
    hint: z.string().optional(),
  }),
);
/** `data`: base64. */
export const writeStream = request(
  'streams/write',
  z.object({ stream: z.number().int(), data: z.base64() }),
  z.object({}),
);
/** The size of the terminal at the client's end. */
export const resizeStream = request(
  'streams/resize',
  z.object({ stream: z.number().int(), columns: TerminalExtent, rows: TerminalExtent }),
  z.object({}),
);
/** Ends what the stream is of; `streamEnded` follows. */
export const closeStream = request('streams/close', z.object({ stream: z.number().int() }), z.object({}));
