/** Text of a runbook, of an output or of a system in a Markdown page of ours: shown as it stands, never as markup. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+\-.!|<>&~$:@^=]/g, sign => `\\${sign}`)
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(/\p{Cc}/gu, '');
}

/** A code block whose fence is longer than any in the text. Its language is a word of letters, or none. */
export function codeBlock(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const info = /^[\w+-]+$/.test(language) ? language : '';
  const body = text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]/gu, '');
  return `${fence}${info}\n${body.replace(/\n$/, '')}\n${fence}`;
}

/** A link to a line of a file of this machine. */
export function lineLink(label: string, file: string, line: number): string {
  const path = encodeURI(file.replaceAll('\\', '/')).replace(/[()#?]/g, sign => `%${hex(sign)}`);
  return `[${escapeMarkdown(label)}](<${path}#L${String(line)}>)`;
}

function hex(sign: string): string {
  return sign.charCodeAt(0).toString(16).toUpperCase();
}
