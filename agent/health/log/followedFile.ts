import { constants } from 'node:fs';
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { LineSplitter } from './lineSplitter';

/** Bytes that one look reads at most; where more came, the newest count. */
const mostRead = 16 * 2 ** 20;
/** Bytes read at a time: between two of them others get their turn. */
const piece = 128 * 1024;
/** Bytes before the place that was read up to, by which it is told that the file is still the same. */
const markLength = 64;

/** Takes a line; `isNew`: it came since the last look. */
export type TakeLine = (line: string, isNew: boolean) => void;

/** A file that grows, is moved away and made anew, or is emptied. */
export class FollowedFile {
  readonly #path: string;
  #at: { ino: number; dev: number; position: number; mark: Buffer } | undefined;
  #lines = new LineSplitter();
  #decoder = new StringDecoder('utf8');
  /** Bytes that were not looked at, because more came than one look reads. */
  skipped = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Reads what has come since the last time; at first the end of what is there. */
  async read(take: TakeLine, signal: AbortSignal): Promise<void> {
    await using file = await openRegular(this.#path);
    const { ino, dev, size } = await file.stat();
    const before = this.#at;
    const isSame = before !== undefined && before.ino === ino && before.dev === dev;
    if (before !== undefined && !isSame) await this.#readMoved(before, take, signal);
    const isGoingOn = isSame && size >= before.position && (await hasMark(file, before));
    const position = isGoingOn ? before.position : 0;
    if (!isGoingOn) this.#lines = new LineSplitter();
    this.#at = { ino, dev, position, mark: isGoingOn ? before.mark : Buffer.alloc(0) };
    await this.#readFrom(file, size, line => take(line, before !== undefined), signal);
  }

  /** The end of the file that was there before: it lies beside, under another name, until somebody packs it. */
  async #readMoved(before: { ino: number; dev: number }, take: TakeLine, signal: AbortSignal): Promise<void> {
    const folder = dirname(this.#path);
    const names = (await readdir(folder)).filter(name => name.startsWith(basename(this.#path))).slice(0, 200);
    for (const name of names) {
      const { ino, dev } = await stat(join(folder, name)).catch(() => ({ ino: -1, dev: -1 }));
      if (ino !== before.ino || dev !== before.dev) continue;
      await using moved = await openRegular(join(folder, name));
      const { size } = await moved.stat();
      await this.#readFrom(moved, size, line => take(line, true), signal);
      const rest = this.#lines.end();
      if (rest !== '') take(rest, true);
      return;
    }
  }

  async #readFrom(
    file: FileHandle,
    size: number,
    take: (line: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const at = this.#at;
    if (at === undefined) return;
    if (size - at.position > mostRead) {
      this.skipped += size - mostRead - at.position;
      at.position = size - mostRead;
      this.#lines = new LineSplitter();
    }
    while (at.position < size) {
      signal.throwIfAborted();
      const length = Math.min(piece, size - at.position);
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, at.position);
      if (bytesRead === 0) return;
      at.position += bytesRead;
      const bytes = buffer.subarray(0, bytesRead);
      at.mark = Buffer.concat([at.mark, bytes]).subarray(-markLength);
      for (const line of this.#lines.take(this.#decoder.write(bytes))) take(line);
    }
  }
}

/** Whether what was read last still stands there: else the file was emptied, and has grown again. */
async function hasMark(
  file: FileHandle,
  { position, mark }: { position: number; mark: Buffer },
): Promise<boolean> {
  if (mark.length === 0) return true;
  const { bytesRead, buffer } = await file.read(
    Buffer.alloc(mark.length),
    0,
    mark.length,
    position - mark.length,
  );
  return bytesRead === mark.length && buffer.equals(mark);
}

/** Nothing waits for a pipe's writer, and no device is read. */
async function openRegular(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw Object.assign(new Error(`${path} is no regular file`), { code: 'ENOTFILE' });
}
