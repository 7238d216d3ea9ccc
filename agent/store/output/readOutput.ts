import type { OutputChunk, OutputPage } from '../types';
import { walkSegment } from './segmentReader';
import type { Frame } from './segmentReader';
import { listSegments } from './segments';
import type { Segment } from './segments';

/** The chunks after sequence number `after`: at least one if there is one, else up to `maxBytes`. */
export function readOutput(
  folder: string,
  run: string,
  step: number,
  after: number,
  maxBytes: number,
): OutputPage {
  const page = new Page(after, maxBytes);
  const segments = listSegments(folder, run, step);
  for (const segment of segments.slice(indexOfSegment(segments, after))) {
    if (walkSegment(segment, frame => page.take(frame))) break;
  }
  return page.result();
}

/** What the last recorded chunk tells: its sequence number and how many bytes were printed up to its end. */
export function endOfOutput(folder: string, run: string, step: number): { seq: number; bytes: number } {
  for (const segment of listSegments(folder, run, step).reverse()) {
    let end: { seq: number; bytes: number } | undefined;
    walkSegment(segment, frame => {
      end = { seq: frame.seq, bytes: frame.start + frame.length };
      return true;
    });
    if (end) return end;
  }
  return { seq: 0, bytes: 0 };
}

/** The last `maxBytes` bytes. `cut`: there were more before them. */
export function tailOutput(
  folder: string,
  run: string,
  step: number,
  maxBytes: number,
): { bytes: Uint8Array; cut: boolean } {
  const end = endOfOutput(folder, run, step).bytes;
  const from = Math.max(0, end - maxBytes);
  const parts: Uint8Array[] = [];
  for (const segment of segmentsFrom(listSegments(folder, run, step), from)) {
    walkSegment(segment, frame => {
      const skip = Math.max(0, from - frame.start);
      if (skip < frame.length) parts.push(frame.read().bytes.subarray(skip));
      return true;
    });
  }
  const bytes = Buffer.concat(parts);
  return { bytes, cut: bytes.length < end };
}

/** Collects a page and what is missing in it. */
class Page {
  readonly #after: number;
  readonly #maxBytes: number;
  readonly #chunks: OutputChunk[] = [];
  #size = 0;
  /** Where the last chunk before the page ended; undefined as long as no such chunk was seen. */
  #endBefore: number | undefined;
  #cutBytes = 0;
  #more = false;

  constructor(after: number, maxBytes: number) {
    this.#after = after;
    this.#maxBytes = maxBytes;
    if (after === 0) this.#endBefore = 0;
  }

  take(frame: Frame): boolean {
    if (frame.seq <= this.#after) {
      this.#endBefore = frame.start + frame.length;
      return true;
    }
    // A gap inside a page would go unseen: the page ends before it, and the next one tells.
    const last = this.#chunks.at(-1);
    const gap = last !== undefined && frame.seq !== last.seq + 1;
    if (gap || (last && this.#size + frame.length > this.#maxBytes)) return this.#stop();
    if (!last && this.#endBefore !== undefined) this.#cutBytes = frame.start - this.#endBefore;
    this.#chunks.push(frame.read());
    this.#size += frame.length;
    return true;
  }

  result(): OutputPage {
    const seq = this.#chunks.at(-1)?.seq ?? this.#after;
    return { chunks: this.#chunks, seq, cutBytes: this.#cutBytes, more: this.#more };
  }

  #stop(): false {
    this.#more = true;
    return false;
  }
}

/** The last segment that may hold the chunk numbered `after`: reading starts there. */
function indexOfSegment(segments: readonly Segment[], after: number): number {
  return Math.max(
    0,
    segments.findLastIndex(segment => segment.firstSeq <= after),
  );
}

/** The segments from the one that holds byte `from` of all that was printed. */
function segmentsFrom(segments: readonly Segment[], from: number): readonly Segment[] {
  const index = segments.findLastIndex(segment => (startOf(segment) ?? Infinity) <= from);
  return segments.slice(Math.max(0, index));
}

function startOf(segment: Segment): number | undefined {
  let start: number | undefined;
  walkSegment(segment, frame => {
    start = frame.start;
    return false;
  });
  return start;
}
