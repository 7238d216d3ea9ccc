import type { Fragment } from './logLinesOf';

/** Where one of the two outputs was left off: entries of its last time that were given, and bytes of the next one. */
interface Place {
  time: string;
  entries: number;
  bytes: number;
}

/** While what was given comes again: the same of what has come. */
interface Again {
  entries: number;
  bytes: number;
}

/** What the two outputs of a container may be apart in the order in which an engine records them. Milliseconds. */
const apart = 1000n;
const nanosecond = 1_000_000n;

/**
 * Where a log was left off, so that it goes on without a gap or a repeat: an engine tells on request all from a time on;
 * of that are dropped, for each output, older times and as many entries of the last time as were given.
 */
export class LogPosition {
  readonly #places = new Map<boolean, Place>();
  readonly #again = new Map<boolean, Again>();
  #first: string | undefined;
  #last = '';

  /** Whether anything was given. */
  get isBegun(): boolean {
    return this.#first !== undefined;
  }

  /** The log begins anew; gives from which time on it has to, as an engine takes it; undefined: from its beginning. */
  resume(): string | undefined {
    this.#again.clear();
    if (this.#first === undefined) return undefined;
    for (const isError of [false, true]) this.#again.set(isError, { entries: 0, bytes: 0 });
    const since = nanosOf(this.#last) - apart * nanosecond;
    return `${since / 1_000_000_000n}.${String(since % 1_000_000_000n).padStart(9, '0')}`;
  }

  /** What of a fragment was not given yet. */
  fresh(fragment: Fragment): Fragment | undefined {
    const again = this.#again.get(fragment.isError);
    const left = again === undefined ? fragment : this.#notGiven(fragment, again);
    if (left !== undefined) this.#note(left);
    return left;
  }

  #notGiven(fragment: Fragment, again: Again): Fragment | undefined {
    const { isError, time, bytes, isEnd } = fragment;
    const place = this.#places.get(isError);
    const order = compareTimes(time, place?.time ?? this.#first ?? '');
    if (order < 0) return undefined;
    if (order > 0 || place === undefined) return this.#caughtUp(fragment);
    if (again.entries < place.entries) {
      if (isEnd) again.entries += 1;
      return undefined;
    }
    const known = Math.min(bytes.length, place.bytes - again.bytes);
    again.bytes += known;
    if (again.bytes < place.bytes || (known === bytes.length && !isEnd)) return undefined;
    return this.#caughtUp({ ...fragment, bytes: bytes.subarray(known) });
  }

  #caughtUp(fragment: Fragment): Fragment {
    this.#again.delete(fragment.isError);
    return fragment;
  }

  #note({ isError, time, bytes, isEnd }: Fragment): void {
    this.#first ??= time;
    this.#last = time;
    let place = this.#places.get(isError);
    if (place === undefined) this.#places.set(isError, (place = { time, entries: 0, bytes: 0 }));
    if (place.time !== time) {
      place.time = time;
      place.entries = 0;
      place.bytes = 0;
    }
    place.bytes = isEnd ? 0 : place.bytes + bytes.length;
    if (isEnd) place.entries += 1;
  }
}

/** Negative where the first is earlier. Times are RFC 3339. */
export function compareTimes(first: string, second: string): number {
  if (first === second) return 0;
  if (first.length === second.length && first.endsWith('Z') && second.endsWith('Z'))
    return first < second ? -1 : 1;
  const [a, b] = [nanosOf(first), nanosOf(second)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Nanoseconds since 1970; 0 where it is no time. */
export function nanosOf(time: string): bigint {
  const [, seconds = '', fraction = '', zone = 'Z'] =
    /^([^.Z+]+?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(time) ?? [];
  const ms = Date.parse(`${seconds}${zone}`);
  return Number.isNaN(ms) ? 0n : BigInt(ms) * nanosecond + BigInt(fraction.padEnd(9, '0').slice(0, 9));
}
