import type Docker from 'dockerode';
import { HandrailError } from '../../protocol/errors';
import { openArchive } from './archive';
import { resolveLink } from './resolveLink';

/** Reads the first bytes of a file in a container, or of that to which a link leads. `notFound` where it is no file. */
export async function readFileIn(
  container: Docker.Container,
  path: string,
  maxBytes: number,
  idle?: number,
): Promise<{ data: string; size: number; cut: boolean }> {
  const { entries, close } = await openArchive(container, await resolveLink(container, path), idle);
  try {
    for await (const entry of entries) {
      if (entry.header.type !== 'file') throw new HandrailError('notFound', `${path} is no file`, { path });
      const { size } = entry.header;
      const parts: Buffer[] = [];
      let length = 0;
      for await (const chunk of entry as AsyncIterable<Buffer>) {
        parts.push(chunk);
        length += chunk.length;
        if (length >= maxBytes) break;
      }
      const data = Buffer.concat(parts).subarray(0, maxBytes);
      return { data: data.toString('base64'), size, cut: size > data.length };
    }
  } finally {
    close();
  }
  throw new HandrailError('notFound', `${path} is not there`, { path });
}
