const width = 120;
const height = 20;

/**
 * A small curve of values, from zero to the highest, as the address of an image. The colour is one that is seen on
 * light and on dark grounds. Empty where there is no curve yet.
 */
export function sparkline(values: readonly number[]): string {
  if (values.length < 2) return '';
  const top = Math.max(...values, Number.MIN_VALUE);
  const points = values.map((value, index) => {
    const x = (index / (values.length - 1)) * width;
    const y = height - 1 - (Math.max(0, value) / top) * (height - 2);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<polyline fill="none" stroke="#3b8eea" stroke-width="1.5" points="${points.join(' ')}"/></svg>`;
  return `data:image/svg+xml;base64,${btoa(svg)}`;
}

/** The same as Markdown; empty where there is no curve yet. */
export function curve(name: string, values: readonly number[]): string {
  const address = sparkline(values);
  return address === '' ? '' : `![${name} over the last ${String(values.length)} samples](${address})`;
}
