import type { Readable, Writable } from 'node:stream';

/** Two directions of bytes: a socket, or the pipes of a process. */
export interface Wire {
  readonly input: Readable;
  readonly output: Writable;
  /** Lets go of both at once. */
  destroy(): void;
}
