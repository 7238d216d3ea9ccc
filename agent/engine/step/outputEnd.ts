/**
 * The last 64 KiB or a little more of what a step prints. Copied, because who keeps the pieces that were read keeps
 * each of them until the next full collection: tens of megabytes where many steps print at once.
 */
export class OutputEnd {
  #buffer = new Uint8Array(0);
  #length = 0;

  /** A copy. */
  get bytes(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  add(bytes: Uint8Array): void {
    const added = bytes.subarray(Math.max(0, bytes.length - kept));
    if (added.length < bytes.length) this.#length = 0;
    if (this.#length + added.length > most) {
      const before = Math.max(0, kept - added.length);
      this.#buffer.copyWithin(0, this.#length - before, this.#length);
      this.#length = before;
    }
    this.#makeRoom(this.#length + added.length);
    this.#buffer.set(added, this.#length);
    this.#length += added.length;
  }

  /** Most steps print little. */
  #makeRoom(length: number): void {
    if (length <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.min(most, Math.max(length, 2 * this.#buffer.length)));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}

/** As much as is indexed: kept here, so that it need not be read again. */
const kept = 64 * 1024;

/** So that it is not moved with each piece. */
const most = 4 * kept;
