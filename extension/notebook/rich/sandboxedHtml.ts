import { escapeHtml } from './escapeHtml';

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:";

/**
 * What a program printed as HTML, in a frame of its own: no script of it runs, nothing is loaded, and it reaches
 * nothing of what is around it.
 */
export function sandboxedHtml(html: string): string {
  const page = `<meta http-equiv="Content-Security-Policy" content="${policy}">${html}`;
  return `<iframe sandbox title="HTML that the cell printed" srcdoc="${escapeHtml(page)}" style="width: 100%; height: 400px; resize: vertical; border: 0; background: white"></iframe>`;
}
