/** One bucket to the next, as a factor: a percentile is at most 5 % off. */
const growth = 1.1;
/** Milliseconds of the first bucket; the last of 256 is more than a month. */
const least = 0.1;
const entryBytes = 5;

/** How often which length of time was seen: counts in 256 buckets. Sketches can be added up. */
export class Sketch {
  readonly #counts = new Map<number, number>();

  /** Reads what {@link Sketch.encode} wrote; nothing is the empty one. */
  static decode(bytes: Uint8Array = new Uint8Array()): Sketch {
    const sketch = new Sketch();
    return sketch.merge(bytes);
  }

  /** Takes milliseconds. */
  add(ms: number): this {
    const bucket = Math.round(Math.log(Math.max(ms, least) / least) / Math.log(growth));
    return this.#count(Math.min(255, bucket), 1);
  }

  /** Adds an encoded one. */
  merge(bytes: Uint8Array): this {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at + entryBytes <= bytes.byteLength; at += entryBytes)
      this.#count(view.getUint8(at), view.getUint32(at + 1, true));
    return this;
  }

  get count(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** The milliseconds that this part (0 to 1) of what was seen does not exceed; undefined where nothing was seen. */
  quantile(part: number): number | undefined {
    let left = Math.max(1, Math.ceil(part * this.count));
    for (const bucket of [...this.#counts.keys()].sort((one, other) => one - other)) {
      left -= this.#counts.get(bucket) ?? 0;
      if (left <= 0) return Math.round(least * growth ** bucket * 10) / 10;
    }
    return undefined;
  }

  /** Five bytes for each bucket that was hit: its number, and its count in little endian. */
  encode(): Uint8Array {
    const view = new DataView(new ArrayBuffer(this.#counts.size * entryBytes));
    let at = 0;
    for (const [bucket, count] of this.#counts) {
      view.setUint8(at, bucket);
      view.setUint32(at + 1, count, true);
      at += entryBytes;
    }
    return new Uint8Array(view.buffer);
  }

  #count(bucket: number, by: number): this {
    this.#counts.set(bucket, Math.min(0xffffffff, (this.#counts.get(bucket) ?? 0) + by));
    return this;
  }
}
