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
  const lines = body.map(cells => line(cells, width, 'td')).join('');
  return `<table><thead>${line(head, width, 'th')}</thead><tbody>${lines}</tbody></table>${note}`;
}

/** Lines of nothing but blanks are no rows. Values are set apart by commas, semicolons or tabs. */
function parseCsv(text: string): string[][] {
  const options = { delimitersToGuess: [',', ';', '\t'], skipEmptyLines: 'greedy' as const };
  return Papa.parse<string[]>(text.replace(/^\ufeff/, ''), options).data;
}

function line(cells: readonly string[], width: number, tag: 'th' | 'td'): string {
  const inner = Array.from({ length: width }, (_, i) => `<${tag}>${escapeHtml(cells[i] ?? '')}</${tag}>`);
  return `<tr>${inner.join('')}</tr>`;
}

function count(number: number, what: string): string {
  return number <= 0 ? '' : `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
}
