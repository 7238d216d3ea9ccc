/**
 * For each item of `now` the index of the item of `before` that it is, or −1. Ends that are the same are matched
 * first; the middle by longest common subsequence, unless it is so large that only equal places are compared.
 */
export function alignLines(before: readonly string[], now: readonly string[]): number[] {
  const kept = new Array<number>(now.length).fill(-1);
  let start = 0;
  while (start < before.length && start < now.length && before[start] === now[start]) kept[start] = start++;
  let tail = 0;
  const longest = Math.min(before.length, now.length) - start;
  while (tail < longest && before[before.length - 1 - tail] === now[now.length - 1 - tail]) {
    kept[now.length - 1 - tail] = before.length - 1 - tail;
    tail++;
  }
  alignMiddle(before.slice(start, before.length - tail), now.slice(start, now.length - tail), start, kept);
  return kept;
}

const maxArea = 1_000_000;

function alignMiddle(before: readonly string[], now: readonly string[], start: number, kept: number[]): void {
  if (before.length === 0 || now.length === 0) return;
  if (before.length * now.length > maxArea) {
    now.forEach((line, at) => (kept[start + at] = line === before[at] ? start + at : -1));
    return;
  }
  const width = now.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let b = before.length - 1; b >= 0; b--) {
    for (let n = now.length - 1; n >= 0; n--) {
      const skip = Math.max(lengths[(b + 1) * width + n]!, lengths[b * width + n + 1]!);
      lengths[b * width + n] = before[b] === now[n] ? lengths[(b + 1) * width + n + 1]! + 1 : skip;
    }
  }
  let b = 0;
  let n = 0;
  while (b < before.length && n < now.length) {
    if (before[b] === now[n]) kept[start + n++] = start + b++;
    else if (lengths[(b + 1) * width + n]! >= lengths[b * width + n + 1]!) b++;
    else n++;
  }
}
