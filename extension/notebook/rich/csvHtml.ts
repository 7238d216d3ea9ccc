import Papa from 'papaparse';
import { escapeHtml } from './escapeHtml';

const mostRows = 500;
const mostColumns = 50;

/** A table whose head is the first row, as far as it is good to look at; what is left out is counted. */
export function csvHtml(text: string): string {
  const rows = parseCsv(text);
  const columns = rows.reduce((most, { length }) => Math.max(most, length), 0);
  const [head = [], ...body] = rows.slice(0, mostRows + 1);
  const width = Math.min(columns, mostColumns);
  const left = [count(rows.length - 1 - body.length, 'row'), count(columns - width, 'column')].filter(
    words => words !== '',
  );
  const note = left.length === 0 ? '' : `<p>${left.join(' and ')} more in the output.</p>`;
  const numeric = Array.from({ length: width }, (_, column) => isNumeric(body, column));
  const lines = body.map(cells => line(cells, numeric, 'td')).join('');
  return `<table><thead>${line(head, numeric, 'th')}</thead><tbody>${lines}</tbody></table>${note}`;
}

/** Lines of nothing but blanks are no rows. Values are set apart by commas, semicolons or tabs. */
function parseCsv(text: string): string[][] {
  const options = { delimitersToGuess: [',', ';', '\t'], skipEmptyLines: 'greedy' as const };
  return Papa.parse<string[]>(text.replace(/^\ufeff/, ''), options).data;
}

/** Whether all there is in a column are numbers: `1`, `-1,200.50`, `3.4e-5`, `12 %`. */
function isNumeric(body: readonly (readonly string[])[], column: number): boolean {
  const values = body.map(cells => cells[column]?.trim() ?? '').filter(value => value !== '');
  return values.length > 0 && values.every(value => number.test(value));
}

const number = /^[-+]?(\d[\d,._ ]*|[.,]\d+)(e[-+]?\d+)?\s?%?$/i;

/** Notebooks align all cells of a table to the right. */
function line(cells: readonly string[], numeric: readonly boolean[], tag: 'th' | 'td'): string {
  const inner = numeric.map((isNumber, i) => {
    const side = isNumber ? 'right' : 'left';
    return `<${tag} style="text-align: ${side}">${escapeHtml(cells[i] ?? '')}</${tag}>`;
  });
  return `<tr>${inner.join('')}</tr>`;
}

function count(number: number, what: string): string {
  return number <= 0 ? '' : `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
}
