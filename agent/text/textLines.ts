import { StringDecoder } from 'node:string_decoder';

/** Characters of one line; more is given up. */
const longest = 64 * 2 ** 20;

/** Takes apart text that comes in chunks, cut anywhere, also within a character. */
export class TextLines {
  readonly #decoder = new StringDecoder('utf8');
  #parts: string[] = [];
  #length = 0;
  /** Whether a line was longer than is kept. */
  isTooLong = false;

  /** The lines that a chunk completes, without those that are blank. */
  read(chunk: Uint8Array): string[] {
    const lines: string[] = [];
    const pieces = this.#decoder
      .write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
      .split('\n');
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      this.#add(piece);
      lines.push(this.#take());
    }
    this.#add(last);
    return lines.filter(line => line.trim() !== '');
  }

  #add(piece: string): void {
    this.#length += piece.length;
    if (this.#length <= longest) this.#parts.push(piece);
    else this.#giveUp();
  }

  #giveUp(): void {
    this.isTooLong = true;
    this.#parts = [];
  }

  #take(): string {
    const line = this.#length > longest ? '' : this.#parts.join('');
    this.#parts = [];
    this.#length = 0;
    return line;
  }
}
