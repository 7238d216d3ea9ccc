import { statSync } from 'node:fs';
import type { PassOver } from '../../protocol/output';
import type { PageMark } from './pageMarks';
import { walkSegment } from './segmentReader';
import type { Segment } from './segments';

/**
 * Where the last `keep` bytes begin, to the nearest chunk, if more than `over` follow `position` of the first segment.
 * Counted in bytes on disk, headers included: that needs the sizes of files only, and one walk.
 */
export function placeNearEnd(
  segments: readonly Segment[],
  position: number,
  { over, keep }: PassOver,
): PageMark | undefined {
  const parts = segments.map((segment, index) => {
    const from = index === 0 ? position : 0;
    return { segment, from, size: Math.max(0, sizeOf(segment) - from) };
  });
  let left = parts.reduce((sum, { size }) => sum + size, 0);
  if (left <= over) return undefined;
  for (const { segment, from, size } of parts) {
    const found = left - size < keep ? placeIn(segment, from, left - keep) : undefined;
    if (found) return found;
    left -= size;
  }
  return undefined;
}

/** How many bytes had been printed up to chunk `after`. */
export function bytesUpTo(segments: readonly Segment[], after: number): number {
  let bytes = 0;
  for (const segment of segments) {
    const beyond = walkSegment(segment, ({ header: { seq, start, length } }) => {
      if (seq <= after) bytes = start + length;
      return seq < after;
    });
    if (beyond) break;
  }
  return bytes;
}

/** The first frame that begins `skip` bytes behind `from`, or later. */
function placeIn(segment: Segment, from: number, skip: number): PageMark | undefined {
  let found: PageMark | undefined;
  walkSegment(
    segment,
    ({ header, position }) => {
      if (position - from < skip) return true;
      found = { seq: header.seq - 1, firstSeq: segment.firstSeq, position, bytes: header.start };
      return false;
    },
    from,
  );
  return found;
}

function sizeOf(segment: Segment): number {
  return statSync(segment.path, { throwIfNoEntry: false })?.size ?? 0;
}
