import { writeSync } from 'node:fs';

/** Input waiting for a program that does not read it. More is dropped, as a terminal does. Bytes. */
const queueLimit = 1024 * 1024;

/** Pause before a full terminal is tried again. Milliseconds. */
const retryDelay = 10;

/** Writes to the master of a terminal, whose descriptor is non-blocking and has no stream of its own. */
export function terminalWriter(fd: number): { write(data: Uint8Array): void; close(): void } {
  let queue: Uint8Array[] = [];
  let queued = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const flush = (): void => {
    timer = undefined;
    while (queue[0] !== undefined && !closed) {
      const done = tryWrite(fd, queue[0]);
      if (done === undefined) {
        timer = setTimeout(flush, retryDelay);
        return;
      }
      queued -= done;
      queue[0] = queue[0].subarray(done);
      if (queue[0].length === 0) queue.shift();
    }
  };
  return {
    write(data) {
      if (closed || queued + data.length > queueLimit) return;
      queue.push(data);
      queued += data.length;
      if (timer === undefined) flush();
    },
    close() {
      closed = true;
      queue = [];
      clearTimeout(timer);
    },
  };
}

/** Bytes written; undefined where the terminal takes none now. A terminal that is gone takes everything. */
function tryWrite(fd: number, data: Uint8Array): number | undefined {
  try {
    return writeSync(fd, data);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? undefined : data.length;
  }
}
