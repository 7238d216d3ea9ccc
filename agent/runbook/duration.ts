/** Milliseconds of `500ms`, `30s`, `5m`, `1h`, `1h30m` or `2d`; a bare number is seconds. */
export function parseDuration(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
    sum += Number(number) * units[unit as Unit];
  return sum;
}

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof units;

/**
 * Milliseconds as a person says them: `0.0 s`, `0.4 s`, `30 s`, `1 min 12 s`, `11 min`, `2 h 5 min`. Cut off, not
 * rounded, as VS Code does it with the times that stand beside ours.
 */
export function durationText(ms: number): string {
  const tenths = Math.floor(Math.max(0, ms) / 100);
  const seconds = Math.floor(tenths / 10);
  if (seconds < 60) return `${seconds}${ms > 0 && ms % 1000 === 0 ? '' : `.${tenths % 10}`} s`;
  if (seconds < 600) return two(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return two(Math.floor(seconds / 3600), 'h', Math.floor((seconds % 3600) / 60), 'min');
}

function two(first: number, unit: string, second: number, smaller: string): string {
  return second === 0 ? `${first} ${unit}` : `${first} ${unit} ${second} ${smaller}`;
}
