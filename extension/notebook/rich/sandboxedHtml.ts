const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:";

/** What a program printed as HTML, for a frame of its own: nothing is loaded, and no script of it may run. */
export function sandboxedHtml(html: string): string {
  return `<meta http-equiv="Content-Security-Policy" content="${policy}">${html}`;
}
