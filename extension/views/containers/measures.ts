/** Bytes as engines count them: `84 MiB`, `1.4 GiB`. */
export function sizeText(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit > 0 && value < 10 ? 1 : 0;
  return `${value.toFixed(digits).replace(/\.0$/, '')} ${units[unit] ?? 'B'}`;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Milliseconds as an age that is looked at in passing: `12 s`, `5 min`, `3 h`, `2 days`, `7 weeks`. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < minute) return `${String(seconds)} s`;
  if (seconds < hour) return `${String(Math.floor(seconds / minute))} min`;
  if (seconds < 2 * day) return `${String(Math.floor(seconds / hour))} h`;
  const days = Math.floor(seconds / day);
  if (days < 60) return `${String(days)} days`;
  return days < 730 ? `${String(Math.floor(days / 30))} months` : `${String(Math.floor(days / 365))} years`;
}
