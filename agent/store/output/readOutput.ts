import type { PassOver } from '../../protocol/output';
import type { OutputChunk, OutputPage } from '../types';
import { headerBytes } from './frame';
import { bytesUpTo, placeNearEnd } from './nearEnd';
import type { PageMark, PageMarks } from './pageMarks';
import { walkSegment } from './segmentReader';
import type { FrameView } from './segmentReader';
import { listSegments } from './segments';
import type { Segment, StepPlace } from './segments';

/** What part of a step's output to read. */
export interface PageWanted {
  readonly after: number;
  readonly maxBytes: number;
  readonly passOver?: PassOver | undefined;
}

/**
 * The chunks after sequence number `after`: at least one if there is one, else up to `maxBytes`. `marks` remember
 * where pages end, so that who reads on does not walk there again.
 */
export function readOutput(place: StepPlace, wanted: PageWanted, marks: PageMarks): OutputPage {
  const { after, maxBytes, passOver } = wanted;
  const mark = marks.find(place, after);
  const segments = listSegments(place);
  const rest = segments.slice(indexOfSegment(segments, mark?.firstSeq ?? after));
  const target = passOver && placeNearEnd(rest, mark?.position ?? 0, passOver);
  if (!target || target.seq <= after) return readFrom(place, rest, after, mark, maxBytes, marks);
  const before = mark?.bytes ?? bytesUpTo(rest, after);
  const page = readFrom(place, rest, target.seq, target, maxBytes, marks);
  return { ...page, skippedBytes: target.bytes - before };
}

function readFrom(
  place: StepPlace,
  segments: readonly Segment[],
  after: number,
  mark: PageMark | undefined,
  maxBytes: number,
  marks: PageMarks,
): OutputPage {
  const page = new Page(after, maxBytes);
  if (mark) page.begin(mark.bytes);
  const first = indexOfSegment(segments, mark?.firstSeq ?? after);
  for (const segment of segments.slice(first)) {
    const from = segment.firstSeq === mark?.firstSeq ? mark.position : 0;
    if (walkSegment(segment, frame => page.take(segment, frame), from)) break;
  }
  const { end } = page;
  if (end) marks.set(place, end);
  return page.result();
}

/** Collects a page and what is missing in it. */
class Page {
  readonly #after: number;
  readonly #maxBytes: number;
  readonly #chunks: OutputChunk[] = [];
  #size = 0;
  /** Where the last chunk before the page ended; undefined as long as no such chunk was seen. */
  #bytesBefore: number | undefined;
  #cutBytes = 0;
  #more = false;
  #end: PageMark | undefined;

  constructor(after: number, maxBytes: number) {
    this.#after = after;
    this.#maxBytes = maxBytes;
    if (after === 0) this.#bytesBefore = 0;
  }

  /** The place after the last chunk of the page. */
  get end(): PageMark | undefined {
    return this.#end;
  }

  begin(bytes: number): void {
    this.#bytesBefore = bytes;
  }

  take(segment: Segment, frame: FrameView): boolean {
    const { seq, start, length } = frame.header;
    if (seq <= this.#after) {
      // A mark may know better: what follows it may be gone by now, with a gap down to an older segment.
      this.#bytesBefore = Math.max(start + length, this.#bytesBefore ?? 0);
      return true;
    }
    // A gap inside a page would go unseen: the page ends before it, and the next one tells.
    const last = this.#chunks.at(-1);
    const gap = last !== undefined && seq !== last.seq + 1;
    if (gap || (last && this.#size + length > this.#maxBytes)) return this.#stop();
    if (!last && this.#bytesBefore !== undefined) this.#cutBytes = start - this.#bytesBefore;
    this.#chunks.push(frame.chunk());
    this.#size += length;
    const position = frame.position + headerBytes + length;
    this.#end = { seq, firstSeq: segment.firstSeq, position, bytes: start + length };
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
  const index = segments.findLastIndex(segment => segment.firstSeq <= after);
  return Math.max(0, index);
}
