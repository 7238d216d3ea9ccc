/** Characters of a line; the rest of a longer one is passed over. */
const longest = 16_384;

/** Takes text apart into lines, cut anywhere; what one line is kept of is bounded. */
export class LineSplitter {
  #rest = '';

  /** The lines that end in this piece. */
  take(piece: string): string[] {
    const parts = (this.#rest + piece).split('\n');
    this.#rest = (parts.pop() ?? '').slice(0, longest);
    return parts.map(line => line.slice(0, longest).replace(/\r$/, ''));
  }

  /** What has no end yet. */
  end(): string {
    const rest = this.#rest;
    this.#rest = '';
    return rest;
  }
}
