import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { HandrailError } from '../protocol/errors';
import type { LogLine } from '../protocol/logs';
import type { OpenLog } from './mergedLines';

/** How a log is written. */
export interface SavedForm {
  readonly path: string;
  readonly timestamps: boolean;
}

/**
 * Writes a log that is not followed to a file, as it comes; the file is there once it is whole. Rejects with HandrailError
 * `store` where it cannot be written, and `engine` where not all of the log could be read.
 */
export async function saveLog(log: OpenLog, form: SavedForm): Promise<{ bytes: number; lines: number }> {
  const part = `${form.path}.${randomUUID()}.part`;
  try {
    const written = await writeTo(part, log, form);
    await rename(part, form.path);
    return written;
  } catch (error) {
    log.close();
    await rm(part, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof HandrailError) throw error;
    const details = { reason: code, path: form.path };
    throw new HandrailError('store', `The log cannot be written to ${form.path}: ${message}`, details, {
      cause: error,
    });
  }
}

async function writeTo(
  part: string,
  log: OpenLog,
  { timestamps }: SavedForm,
): Promise<{ bytes: number; lines: number }> {
  const written = { bytes: 0, lines: 0 };
  await using file: FileHandle = await open(part, 'wx', 0o600);
  let isEnded = false;
  await log.run(async ({ lines, ended }) => {
    isEnded = ended;
    const names = new Map(log.sources.map(({ index, name }) => [index, name]));
    const bytes = Buffer.from(lines.map(line => lineText(line, timestamps, names)).join(''));
    // Unlike `write`, which may write less than it is given.
    await file.writeFile(bytes);
    written.bytes += bytes.length;
    for (const [, , , , goesOn] of lines) if (goesOn !== true) written.lines += 1;
  });
  const broken = log.sources.find(({ message }) => message !== undefined);
  if (broken !== undefined || !isEnded) {
    const why = broken === undefined ? 'it was closed' : `${broken.name}: ${broken.message}`;
    throw new HandrailError('engine', `Not all of the log could be read: ${why}`, {});
  }
  return written;
}

/** Pieces of a long line are put together again. */
function lineText(
  [source, time, , text, goesOn]: LogLine,
  timestamps: boolean,
  names: ReadonlyMap<number, string>,
): string {
  const name = names.size > 1 ? `${names.get(source) ?? ''} | ` : '';
  return `${name}${timestamps ? `${time} ` : ''}${text}${goesOn === true ? '' : '\n'}`;
}
