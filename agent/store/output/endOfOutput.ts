import { walkSegment } from './segmentReader';
import { listSegments } from './segments';
import type { Segment, StepPlace } from './segments';

/** What the last recorded chunk tells: its sequence number, how many bytes were printed up to its end, and when. */
export function endOfOutput(place: StepPlace): { seq: number; bytes: number; time: number | undefined } {
  for (const segment of listSegments(place).reverse()) {
    let end: { seq: number; bytes: number; time: number } | undefined;
    walkSegment(segment, ({ header: { seq, start, length, time } }) => {
      end = { seq, bytes: start + length, time };
      return true;
    });
    if (end) return end;
  }
  return { seq: 0, bytes: 0, time: undefined };
}

/** The last `maxBytes` bytes. `cut`: there were more before them. */
export function tailOutput(place: StepPlace, maxBytes: number): { bytes: Uint8Array; cut: boolean } {
  const end = endOfOutput(place).bytes;
  const from = Math.max(0, end - maxBytes);
  const parts: Uint8Array[] = [];
  for (const segment of segmentsFrom(listSegments(place), from)) {
    walkSegment(segment, frame => {
      const { start, length } = frame.header;
      const skip = Math.max(0, from - start);
      if (skip < length) parts.push(frame.chunk().bytes.subarray(skip));
      return true;
    });
  }
  const bytes = Buffer.concat(parts);
  return { bytes, cut: bytes.length < end };
}

/** The segments from the one that holds byte `from` of all that was printed. */
function segmentsFrom(segments: readonly Segment[], from: number): readonly Segment[] {
  const index = segments.findLastIndex(segment => (startOf(segment) ?? Infinity) <= from);
  return segments.slice(Math.max(0, index));
}

function startOf(segment: Segment): number | undefined {
  let begin: number | undefined;
  walkSegment(segment, ({ header: { start } }) => {
    begin = start;
    return false;
  });
  return begin;
}
