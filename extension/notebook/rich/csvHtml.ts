import { escapeHtml } from './escapeHtml';

const mostRows = 500;
const mostColumns = 50;

/** The rows of comma-separated values (https://www.rfc-editor.org/rfc/rfc4180). */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [whole, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    if (whole === '' && row.length === 0) break;
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
    if (end === '') break;
  }
  return rows;
}

/** A table whose head is the first row. */
export function csvHtml(text: string): string {
  const rows = parseCsv(text);
  const [head = [], ...body] = rows.slice(0, mostRows + 1);
  const more = rows.length - 1 - body.length;
  const note = more > 0 ? `<p>${String(more)} more rows are in the output.</p>` : '';
  return `<table><thead>${line(head, 'th')}</thead><tbody>${body.map(cells => line(cells, 'td')).join('')}</tbody></table>${note}`;
}

function line(cells: readonly string[], tag: 'th' | 'td'): string {
  const inner = cells.slice(0, mostColumns).map(cell => `<${tag}>${escapeHtml(cell)}</${tag}>`);
  return `<tr>${inner.join('')}</tr>`;
}
