import type { Readable } from 'node:stream';
import { collectRead } from './collectRead';

/** Takes the bytes of one stream; a promise is back-pressure. */
export type Receiver = (bytes: Uint8Array) => void | Promise<void>;

/** Carries a stream to its receiver until told to stop; what comes after that is read and dropped. */
export interface Pump {
  /**
   * Settles when what the kernel held at this moment has been received. For sockets and pipes only: whatever a
   * process wrote before it ended is readable by then, so loop turns without data mean that there is none.
   */
  drained(): Promise<void>;
  /** Settles at end of file. */
  readonly closed: Promise<void>;
  /** The receiver gets no more. Reading goes on, or a process left behind would be blocked or get SIGPIPE. */
  detach(): void;
}

/** Quiet turns of the event loop after which a readable stream is taken to be empty. */
const quietTurns = 2;

/** Starts to read. `failed` hears of a receiver that throws or rejects, once; it then gets no more. */
export function pump(stream: Readable, receive: Receiver, failed: (error: unknown) => void): Pump {
  let receiver: Receiver | undefined = receive;
  let busy = false;
  let sawData = false;
  let atEnd = false;
  const closed = new Promise<void>(resolve => {
    stream.once('close', () => {
      atEnd = true;
      resolve();
    });
  });
  const detach = (): void => {
    receiver = undefined;
  };
  const fail = (error: unknown): void => {
    if (receiver !== undefined) failed(error);
    detach();
  };
  const resume = (): void => {
    busy = false;
    stream.resume();
  };
  stream.on('data', (bytes: Uint8Array) => {
    sawData = true;
    collectRead(bytes.length);
    try {
      const pending = receiver?.(bytes);
      if (pending === undefined) return;
      busy = true;
      stream.pause();
      pending.catch(fail).finally(resume);
    } catch (error) {
      fail(error);
    }
  });
  // A terminal whose last process has gone reads as EIO; a reset pipe is an end like any other.
  stream.on('error', () => stream.destroy());
  const drained = async (): Promise<void> => {
    for (let quiet = 0; quiet < quietTurns && !atEnd;) {
      sawData = false;
      await new Promise<void>(resolve => setImmediate(resolve));
      quiet = sawData || busy ? 0 : quiet + 1;
      if (busy) await new Promise<void>(resolve => setTimeout(resolve, 1));
    }
  };
  return { drained, closed, detach };
}
