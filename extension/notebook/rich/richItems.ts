import { csvHtml } from './csvHtml';
import { escapeHtml } from './escapeHtml';
import { jsonHtml, parseJson } from './jsonHtml';
import { markdownHtml } from './markdownHtml';
import { PAGE_MIME } from '../../renderer/messages';
import { sandboxedHtml } from './sandboxedHtml';

/** A form of an output, for whoever shows it: the first that can be shown is. */
export interface RichItem {
  readonly mime: string;
  readonly data: string | Uint8Array;
}

/** What is shown beside the text; longer outputs are shown as text only. Bytes. */
export const mostRichBytes = 2 * 1024 * 1024;

/**
 * How stdout is shown as what its author says it is; none where it is not. What a program printed never comes as
 * HTML of its own: whoever renders `text/html` would run its scripts.
 */
export function richItems(mime: string, stdout: Uint8Array): RichItem[] {
  const type = mime.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (stdout.length === 0 || stdout.length > mostRichBytes) return [];
  if (type.startsWith('image/')) return imageItems(type, stdout);
  const text = new TextDecoder().decode(stdout);
  switch (type) {
    case 'application/json':
      return jsonItems(text, true);
    case 'text/csv':
      return [html(csvHtml(text)), { mime: 'text/csv', data: text }];
    case 'text/markdown':
      return [html(markdownHtml(text))];
    case 'text/html':
      return [{ mime: PAGE_MIME, data: sandboxedHtml(text) }];
    default:
      return [];
  }
}

/** What a text is, where nobody says: JSON can be told. Its tree is closed, the text is there already. */
export function sniffedItems(text: string): RichItem[] {
  return jsonItems(text, false);
}

function jsonItems(text: string, open: boolean): RichItem[] {
  const value = parseJson(text);
  if (value === undefined || Object.keys(value).length === 0) return [];
  return [html(jsonHtml(value, open))];
}

const shownByVSCode = new Set(['image/png', 'image/jpeg', 'image/gif']);
const images = new Set([...shownByVSCode, 'image/webp', 'image/svg+xml']);

/** As a picture also where the format can hold scripts: a picture's do not run. */
function imageItems(mime: string, stdout: Uint8Array): RichItem[] {
  if (!images.has(mime)) return [];
  const bytes = fromBase64(stdout) ?? stdout;
  if (shownByVSCode.has(mime)) return [{ mime, data: bytes }];
  const url = `data:${mime};base64,${Buffer.from(bytes).toString('base64')}`;
  return [html(`<img alt="What the cell printed" style="max-width: 100%" src="${escapeHtml(url)}">`)];
}

/** Programs print pictures in base64, since not every way takes bytes. */
function fromBase64(bytes: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(bytes).toString('latin1').replace(/\s+/g, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0
    ? Buffer.from(text, 'base64')
    : undefined;
}

function html(data: string): RichItem {
  return { mime: 'text/html', data };
}
