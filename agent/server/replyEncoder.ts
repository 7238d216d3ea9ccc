import { type ContentTypeEncoder, Message, ResponseError } from 'vscode-jsonrpc/node';
import { errorCodes } from '../protocol/errors';
import { longestMessage } from '../transport/messageGate';
import type { Log } from './log';

/**
 * Writes messages as JSON. A reply that is longer than a client takes, which would end its connection, becomes an
 * error of that request (`tooLarge`).
 */
export function replyEncoder(log: Log, most = longestMessage): ContentTypeEncoder {
  return {
    name: 'application/json',
    encode: message =>
      new Promise(resolve => {
        const bytes = toBytes(message);
        if (bytes !== undefined && bytes.length <= most) return resolve(bytes);
        if (!Message.isResponse(message)) throw new Error('A notification is too long');
        log.warn('A reply was too long', { bytes: bytes?.length });
        const error = tooLarge(most, bytes);
        resolve(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: message.id, error })));
      }),
  };
}

/** Undefined where not even a string of that length can be made. */
function toBytes(message: Message): Buffer | undefined {
  try {
    return Buffer.from(JSON.stringify(message));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function tooLarge(most: number, bytes: Buffer | undefined): object {
  const details = { most, bytes: bytes?.length };
  const message = `The answer is longer than ${most / 1024 / 1024} MiB`;
  return new ResponseError(errorCodes.tooLarge, message, { name: 'tooLarge', details }).toJson();
}
