import type { CheckHistory } from '../../../agent/protocol/checkHistory';
import { sayAgo } from '../../../agent/protocol/words';
import { lengthText } from './healthWords';

/** Most incidents that are named. */
const mostNamed = 3;

/** What is known of a check's past, a line each: uptime, how long it took, when it was down. */
export function pastLines(
  { uptime, percentiles, incidents, isCut, unrecorded }: CheckHistory,
  now: number,
): string[] {
  const spans = [
    ['24 h', uptime.day],
    ['7 d', uptime.week],
    ['30 d', uptime.month],
  ] as const;
  const shares = spans.flatMap(([span, { up }]) => (up === undefined ? [] : [`${shareText(up)} in ${span}`]));
  const { p50, p95, p99 } = percentiles;
  const took = (
    [
      ['p50', p50],
      ['p95', p95],
      ['p99', p99],
    ] as const
  ).flatMap(([name, ms]) => (ms === undefined ? [] : [`${name} ${String(Math.round(ms))} ms`]));
  const named = incidents.slice(0, mostNamed).map(({ from, to, message }) => {
    const length =
      to === undefined
        ? `since ${lengthText(now - from)}`
        : `for ${lengthText(to - from)}, ${sayAgo(from, now)}`;
    return `down ${length}${message === '' ? '' : `: ${message}`}`;
  });
  const more = incidents.length > mostNamed || isCut ? ['and more before'] : [];
  return [
    ...(shares.length === 0 ? [] : [`up ${shares.join(' · ')}`]),
    ...(took.length === 0 ? [] : [`took ${took.join(' · ')}`]),
    ...named,
    ...(named.length === 0 ? [] : more),
    ...(unrecorded === undefined ? [] : [`not recorded now: ${unrecorded}`]),
  ];
}

/** `99.98 %`: never rounded up to all. */
export function shareText(share: number): string {
  if (share >= 1) return '100 %';
  return `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`;
}
