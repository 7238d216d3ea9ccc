/** Which of a process's outputs bytes are of. */
export type Channel = 'stdout' | 'stderr';

/** A piece of one output; a view of what was read. */
export interface Piece {
  readonly channel: Channel;
  readonly bytes: Uint8Array;
}

const headLength = 8;

/**
 * Takes apart the stream that an engine gives where there is no terminal: frames of 1 byte (1 stdout, 2 stderr), three
 * zeros, the length as 32 bits, the bytes; cut anywhere.
 * https://docs.docker.com/reference/api/engine/version/v1.44/#tag/Container/operation/ContainerAttach
 */
export class FrameReader {
  #head = Buffer.alloc(0);
  #left = 0;
  #channel: Channel = 'stdout';

  /** The pieces in a chunk. Throws where it is no such stream. */
  read(chunk: Uint8Array): Piece[] {
    const pieces: Piece[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#left === 0) {
        at += this.#readHead(chunk, at);
        continue;
      }
      const bytes = chunk.subarray(at, at + this.#left);
      this.#left -= bytes.length;
      at += bytes.length;
      pieces.push({ channel: this.#channel, bytes });
    }
    return pieces;
  }

  /** Takes what a head lacks; gives how many bytes that was. */
  #readHead(chunk: Uint8Array, at: number): number {
    const taken = chunk.subarray(at, at + headLength - this.#head.length);
    this.#head = Buffer.concat([this.#head, taken]);
    if (this.#head.length === headLength) {
      const kind = this.#head[0] ?? 0;
      if (kind > 2)
        throw new Error(`The engine sent what is no frame of output: ${this.#head.toString('hex')}`);
      this.#channel = kind === 2 ? 'stderr' : 'stdout';
      this.#left = this.#head.readUInt32BE(4);
      this.#head = Buffer.alloc(0);
    }
    return taken.length;
  }
}
