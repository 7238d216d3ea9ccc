import type { Screen } from './terminal';

/** Prints rows with aligned columns. In a terminal the last column is cut so that a row stays one line. */
export function printRows(screen: Screen, rows: readonly (readonly string[])[]): void {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  for (const row of rows) {
    const line = row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
    void screen.write(`${screen.tty ? fit(line, screen) : line}\n`);
  }
}

function fit(line: string, { columns, paint }: Screen): string {
  return line.length <= columns ? line : line.slice(0, columns - paint.ellipsis.length) + paint.ellipsis;
}
