import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { Transform, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stripVTControlCharacters } from 'node:util';
import { createWriteStream } from 'node:fs';
import { makeFolder } from '../makeFolder';
import { HandrailError } from '../protocol/errors';
import type { OutputPage } from '../store/types';

/** The newest files are kept; an editor that shows an older one has its text already. */
const filesKept = 20;
const partEnding = '.part';
const pageBytes = 1024 * 1024;
/** A line longer than this is stripped in parts. */
const longestLine = 64 * 1024;

/**
 * Writes a step's whole recorded output as text into `folder`, which keeps the newest 20, and returns the path. `name`
 * is fit for a file.
 *
 * @throws HandrailError `store` where it cannot be written.
 */
export async function exportToFile(
  folder: string,
  name: string,
  read: (after: number, maxBytes: number) => OutputPage,
): Promise<string> {
  const file = path.join(folder, `${name}.txt`);
  try {
    makeFolder(folder);
    await writeWhole(file, read);
    await removeOldest(folder);
    return file;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const details = { reason: code, path: file };
    throw new HandrailError('store', `The output cannot be written to ${file}: ${message}`, details, {
      cause: error,
    });
  }
}

/** Two may write the same file at once: each has a part of its own, which becomes the file once it is complete. */
async function writeWhole(
  file: string,
  read: (after: number, maxBytes: number) => OutputPage,
): Promise<void> {
  const part = `${file}.${randomUUID()}${partEnding}`;
  try {
    await pipeline(Readable.from(textOf(read)), new PlainLines(), createWriteStream(part, { mode: 0o600 }));
    await fs.rename(part, file);
  } catch (error) {
    await fs.rm(part, { force: true });
    throw error;
  }
}

async function* textOf(read: (after: number, maxBytes: number) => OutputPage): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let after = 0;
  for (let more = true; more;) {
    const page = read(after, pageBytes);
    if (page.cutBytes > 0) yield `\n… ${page.cutBytes} bytes were not kept …\n`;
    for (const chunk of page.chunks) yield decoder.decode(chunk.bytes, { stream: true });
    after = page.seq;
    more = page.more;
    // Other clients are served between two pages.
    await new Promise(setImmediate);
  }
  yield decoder.decode();
}

/** Takes escape codes off, and of a line that was drawn over again keeps the last drawing. */
class PlainLines extends Transform {
  #rest = '';

  constructor() {
    super({ writableObjectMode: true });
  }

  override _transform(text: string, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    if (lines.length > 0) this.push(`${lines.map(plainLine).join('\n')}\n`);
    if (this.#rest.length > longestLine) this.#flushRest();
    done();
  }

  override _flush(done: (error?: Error | null) => void): void {
    this.#flushRest();
    done();
  }

  #flushRest(): void {
    if (this.#rest !== '') this.push(plainLine(this.#rest));
    this.#rest = '';
  }
}

function plainLine(line: string): string {
  const text = line.includes('\x1b') ? stripVTControlCharacters(line) : line;
  const drawn = text.endsWith('\r') ? text.slice(0, -1) : text;
  return drawn.slice(drawn.lastIndexOf('\r') + 1);
}

/** A part so old was left by a process that was killed (milliseconds). */
const oldPart = 60 * 60 * 1000;

async function removeOldest(folder: string): Promise<void> {
  const files = await filesIn(folder);
  const isPart = ({ file }: { file: string }): boolean => file.endsWith(partEnding);
  const whole = files.filter(each => !isPart(each)).sort((a, b) => b.time - a.time);
  const left = files.filter(each => isPart(each) && each.time < Date.now() - oldPart);
  await Promise.all([...whole.slice(filesKept), ...left].map(({ file }) => fs.rm(file, { force: true })));
}

async function filesIn(folder: string): Promise<{ file: string; time: number }[]> {
  const names = await fs.readdir(folder);
  const found = await Promise.all(names.map(name => timeOf(path.join(folder, name))));
  return found.flatMap(each => each ?? []);
}

/** Undefined: another export has just renamed or removed it. */
async function timeOf(file: string): Promise<{ file: string; time: number } | undefined> {
  try {
    return { file, time: (await fs.stat(file)).mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
