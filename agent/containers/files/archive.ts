import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { type Extract, extract } from 'tar-stream';
import { HandrailError } from '../../protocol/errors';

/** Something in an archive, and its bytes. */
export type Entry = Extract extends AsyncIterable<infer E> ? E : never;

/** Milliseconds that may pass without a byte from the engine. */
export const idleTime = 25_000;

/** Reads what the archive API gives of `path`; `close` breaks it off. An engine that falls silent ends it with an error. */
export async function openArchive(
  container: Docker.Container,
  path: string,
  idle = idleTime,
): Promise<{ readonly entries: AsyncIterable<Entry>; readonly close: () => void }> {
  const stream = (await container.getArchive({ path })) as Readable;
  const reader = extract();
  const lively = Readable.from(untilSilent(stream, path, idle));
  lively.on('error', error => reader.destroy(error));
  lively.pipe(reader);
  const close = (): void => {
    stream.destroy();
    lively.destroy();
  };
  return { entries: reader, close };
}

/** Only the time counts in which bytes are waited for, not that in which they are written. */
async function* untilSilent(stream: Readable, path: string, idle: number): AsyncGenerator<Buffer> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  for (;;) {
    const timer = setTimeout(() => stream.destroy(silent(path, idle)), idle);
    try {
      const next = await chunks.next();
      if (next.done === true) return;
      clearTimeout(timer);
      yield next.value;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The engine has sent nothing of `path` for so many milliseconds. */
export function silent(path: string, idle: number): HandrailError {
  const message = `The engine has sent nothing of ${path} for ${idle / 1000} s; it was given up. Try again.`;
  return new HandrailError('engine', message, { path, idle });
}
