import { type ParseError, parse } from 'jsonc-parser';
import type * as z from 'zod';
import { readRegularFile } from '../../readRegularFile';
import type { FileProblem } from './foundEndpoint';

/** Bytes; descriptions of contexts are small. */
const longest = 4 * 2 ** 20;

/** What a JSON file says; nothing where it is not there; or why it cannot be read, with line and column. */
export function readJson<S extends z.ZodType>(
  file: string,
  schema: S,
): { value?: z.output<S>; problem?: FileProblem } {
  const hint = `Mend ${file}, or remove it.`;
  let text: string;
  try {
    text = readRegularFile(file).toString();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    return { problem: { file, message: `It cannot be read: ${message}`, hint } };
  }
  if (text.length > longest) return { problem: { file, message: 'It has more than 4 MiB', hint } };
  try {
    const read = schema.safeParse(JSON.parse(text));
    if (read.success) return { value: read.data };
    const [issue] = read.error.issues;
    const where = issue?.path.join('.') ?? '';
    return { problem: { file, message: `${where === '' ? '' : `${where}: `}${issue?.message ?? ''}`, hint } };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { problem: { file, message: `It is no JSON${placeOf(text)}`, hint } };
  }
}

function placeOf(text: string): string {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true });
  const [first] = errors;
  if (first === undefined) return '';
  const lines = text.slice(0, first.offset).split('\n');
  return `: line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
