import { escapeHtml } from './escapeHtml';

/** Values that are shown; the text above has them all. */
const mostValues = 2000;

/** The value of a text that is an object or a list in JSON; undefined where it is not. */
export function parseJson(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // Only looks like JSON.
    return undefined;
  }
}

/** A tree to open and close, without a script. */
export function jsonHtml(value: object, open: boolean): string {
  const left = { values: mostValues };
  return `<div style="font-family: var(--vscode-editor-font-family, monospace); line-height: 1.5">${node('JSON', value, open, left)}</div>`;
}

function node(name: string, value: unknown, open: boolean, left: { values: number }): string {
  const label = `<span style="color: var(--vscode-symbolIcon-propertyForeground, inherit)">${escapeHtml(name)}</span>`;
  if (left.values-- <= 0) return '';
  if (typeof value !== 'object' || value === null)
    return `<div style="margin-left: 1.2em">${label}: ${escapeHtml(JSON.stringify(value))}</div>`;
  const entries = Object.entries(value);
  const size = Array.isArray(value) ? `[${String(entries.length)}]` : `{${String(entries.length)}}`;
  const inner: string[] = [];
  for (const [key, one] of entries) {
    if (left.values <= 0) {
      inner.push('<div style="margin-left: 1.2em">…</div>');
      break;
    }
    inner.push(node(key, one, false, left));
  }
  return `<details style="margin-left: 1.2em"${open ? ' open' : ''}><summary>${label} ${size}</summary>${inner.join('')}</details>`;
}
