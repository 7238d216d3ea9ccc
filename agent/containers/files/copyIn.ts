import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { type Header, type Pack, pack } from 'tar-stream';
import { HandrailError } from '../../protocol/errors';
import type { Copied } from './copyOut';

/** How to copy. */
interface CopyOptions {
  /** Milliseconds that may pass without a byte being taken. */
  readonly idle?: number;
  /** Gives it up. What the engine has taken until then is there. */
  readonly signal?: AbortSignal;
}

/** Copies a file or folder of this machine into the folder `path` of a container. Links stay links. */
export async function copyIn(
  container: Docker.Container,
  path: string,
  from: string,
  { idle = patience, signal }: CopyOptions = {},
): Promise<Copied> {
  const archive = pack();
  const given = new AbortController();
  const giveUp = (): void => given.abort(signal?.reason);
  signal?.addEventListener('abort', giveUp, { once: true });
  const moving = new Moving(idle, () => given.abort(stalled(path, idle)));
  const copied = { bytes: 0, files: 0, leftOut: 0 };
  const filled = fill(archive, from, basename(from), copied).then(
    () => archive.finalize(),
    (error: unknown) => {
      archive.destroy(error as Error);
      throw error;
    },
  );
  try {
    await Promise.all([
      container.putArchive(Readable.from(moving.through(archive as AsyncIterable<Buffer>)), {
        path,
        noOverwriteDirNonDir: 'true',
        abortSignal: given.signal,
      }),
      filled,
    ]);
    return copied;
  } catch (error) {
    archive.destroy();
    given.signal.throwIfAborted();
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof HandrailError) throw error;
    throw new HandrailError(
      'store',
      `${from} cannot be read: ${message}`,
      { reason: code },
      { cause: error },
    );
  } finally {
    moving.end();
    signal?.removeEventListener('abort', giveUp);
  }
}

/** Milliseconds. */
const patience = 60_000;

function stalled(path: string, idle: number): HandrailError {
  const message = `The engine took nothing for ${Math.round(idle / 1000)} s. It may have taken a part: look at ${path}, then try again.`;
  return new HandrailError('engine', message, { path });
}

/** Tells where nothing moves any more. */
class Moving {
  readonly #timer: NodeJS.Timeout;

  constructor(idle: number, stopped: () => void) {
    this.#timer = setTimeout(stopped, idle);
  }

  async *through(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    for await (const chunk of chunks) {
      this.#timer.refresh();
      yield chunk;
    }
    this.#timer.refresh();
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

async function fill(
  archive: Pack,
  path: string,
  name: string,
  copied: { bytes: number; files: number; leftOut: number },
): Promise<void> {
  const found = await lstat(path);
  const header = { name, mode: found.mode & 0o7777, mtime: found.mtime };
  if (found.isDirectory()) {
    archive.entry({ ...header, type: 'directory' });
    for (const each of (await readdir(path)).sort())
      await fill(archive, join(path, each), `${name}/${each}`, copied);
  } else if (found.isSymbolicLink()) {
    archive.entry({ ...header, type: 'symlink', linkname: await readlink(path) });
  } else if (found.isFile()) {
    await fillFile(archive, path, { ...header, type: 'file', size: found.size });
    copied.bytes += found.size;
    copied.files += 1;
  } else copied.leftOut += 1;
}

async function fillFile(
  archive: Pack,
  path: string,
  header: Partial<Header> & { name: string; size: number },
): Promise<void> {
  const { size } = header;
  const entry = archive.entry(header);
  const done = once(entry, 'close');
  // When the archive is given up, what was the matter is told already.
  done.catch(() => undefined);
  let read = 0;
  // No more than was announced: it may be growing.
  if (size > 0)
    for await (const chunk of createReadStream(path, { end: size - 1 }) as AsyncIterable<Buffer>) {
      read += chunk.length;
      if (!entry.write(chunk)) await once(entry, 'drain');
    }
  if (read < size) throw shorter(path, read, size);
  entry.end(undefined);
  await done;
}

function shorter(path: string, read: number, size: number): HandrailError {
  const message = `${path} got shorter while it was read: ${read} of ${size} bytes. Upload it again.`;
  return new HandrailError('store', message, { path, read, size });
}
