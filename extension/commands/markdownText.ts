import { isAbsolute, relative } from 'node:path';

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

/** Makes a link to a line of a file, by its absolute path. */
export type LineLink = (label: string, file: string, line: number) => string;

/**
 * Links for VS Code's preview of a page that is no file: a path from the root is taken from the first folder of the
 * workspace, and nothing else leads to a file. What lies beside that folder is reached through the folders above it.
 */
export function lineLinks(folder: string | undefined): LineLink {
  return (label, file, line) => {
    if (folder === undefined) return escapeMarkdown(label);
    const path = relative(folder, file).replaceAll('\\', '/');
    // On Windows nothing leads from one drive to another.
    if (isAbsolute(path)) return escapeMarkdown(label);
    const target = encodeURI(path).replace(/[()#?]/g, sign => `%${hex(sign)}`);
    return `[${escapeMarkdown(label)}](</${target}#L${String(line)}>)`;
  };
}

function hex(sign: string): string {
  return sign.charCodeAt(0).toString(16).toUpperCase();
}
