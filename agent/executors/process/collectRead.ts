import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes read from processes between two collections. */
const most = 8 << 20;

// One count for all streams: the heap is one, too.
let read = 0;
let collect: (() => void) | undefined;

/**
 * Notes bytes that were read, and now and then frees those read before. A buffer is a small object to V8, which lets
 * some 40 MB of them lie before it collects; with cells that flood, the process keeps the memory.
 */
export function collectRead(bytes: number): void {
  read += bytes;
  if (read < most) return;
  read = 0;
  collect ??= minorCollection();
  collect();
}

/** Collects what is young; milliseconds less than one. Nothing where V8 does not give it. */
function minorCollection(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext("typeof gc === 'function' ? gc : undefined") as
    ((options: { type: 'minor' }) => void) | undefined;
  return () => gc?.({ type: 'minor' });
}
