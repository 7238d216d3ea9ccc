import { variableNameProblem } from '../../runbook/variableNames';

/** What a cell wrote into the file that `$HANDRAIL_OUTPUT` names. */
export type OutputFile =
  | { readonly variables: ReadonlyMap<string, string>; readonly error?: never }
  | { readonly error: string; readonly variables?: never };

/** The longest value that becomes a variable, in bytes: half of what Linux allows one. */
export const longestValue = 64 * 1024;

/** The longest file that is read, in bytes. */
export const longestOutputFile = 1024 * 1024;

/** Reads lines `NAME=value` and `NAME<<EOF … EOF`, as CI systems have them. A later value of a name wins. */
export function parseOutputFile(bytes: Uint8Array): OutputFile {
  if (bytes.length > longestOutputFile) return { error: `It is longer than ${longestOutputFile / 1024} KiB` };
  const text = textOf(bytes);
  if (text === undefined) return { error: 'It is not text: it has bytes in it that are no UTF-8, or NUL' };
  const lines = text.split('\n').map(line => line.replace(/\r$/, ''));
  const variables = new Map<string, string>();
  for (let at = 0; at < lines.length;) {
    const read = readEntry(lines, at);
    if (read === undefined) at += 1;
    else if (typeof read === 'string') return { error: `line ${at + 1}: ${read}` };
    else {
      variables.set(read.name, read.value);
      at = read.next;
    }
  }
  return { variables };
}

/** UTF-8 without NUL, or nothing. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** One entry, what is wrong with it, or nothing where the line is empty. */
function readEntry(
  lines: readonly string[],
  at: number,
): { name: string; value: string; next: number } | string | undefined {
  const line = lines[at] ?? '';
  if (line.trim() === '') return undefined;
  const [, name, sign, rest = ''] = /^([^=<]*)(=|<<)(.*)$/s.exec(line) ?? [];
  if (name === undefined) return `\`${cut(line)}\` is neither NAME=value nor NAME<<EOF`;
  const problem = variableNameProblem('output', name);
  if (problem) return `${problem.message}. ${problem.hint}`;
  if (sign === '=') return tooLong(name, rest) ?? { name, value: rest, next: at + 1 };
  if (rest.trim() === '') return `${name}<< does not say how its text ends: write ${name}<<EOF`;
  const end = lines.indexOf(rest, at + 1);
  if (end < 0) return `the text of ${name} does not end: no line is ${cut(rest)}`;
  const value = lines.slice(at + 1, end).join('\n');
  return tooLong(name, value) ?? { name, value, next: end + 1 };
}

function tooLong(name: string, value: string): string | undefined {
  if (Buffer.byteLength(value) <= longestValue) return undefined;
  return `${name} is longer than ${longestValue / 1024} KiB, too long for a variable. Print it, in a cell with output=${name}`;
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
