import { posix } from 'node:path';
import type Docker from 'dockerode';
import * as z from 'zod';
import { HandrailError } from '../../protocol/errors';

/** Links that are followed one after another, as Linux does. */
const mostHops = 40;

/** https://docs.docker.com/reference/api/engine/version/v1.44/#tag/Container/operation/ContainerArchiveInfo */
const Stat = z.object({ mode: z.number(), linkTarget: z.string().default('') });
/** Bit of a Go file mode: https://pkg.go.dev/io/fs#FileMode */
const linkBit = 2 ** 27;

/** Where a path in a container leads once its links are followed; `notFound` where they lead to nothing. */
export async function resolveLink(container: Docker.Container, path: string): Promise<string> {
  let at = path;
  for (let hops = 0; hops <= mostHops; hops++) {
    const target = await targetOf(container, at).catch((error: unknown) => {
      if ((error as { statusCode?: number }).statusCode !== 404) throw error;
      // Whoever takes the path is told by the engine what is missing.
      if (hops === 0) return undefined;
      throw new HandrailError('notFound', `${path} is a link to ${at}, which is not there`, { path });
    });
    if (target === undefined) return at;
    at = posix.resolve(posix.dirname(at), target);
  }
  throw new HandrailError('notFound', `${path} is a link that leads to no end`, { path });
}

/** Undefined: it is no link. */
async function targetOf(container: Docker.Container, path: string): Promise<string | undefined> {
  const response = (await container.infoArchive({ path })) as {
    headers: Readonly<Record<string, unknown>>;
    resume?(): void;
  };
  response.resume?.();
  const header = response.headers['x-docker-container-path-stat'];
  if (typeof header !== 'string') return undefined;
  const { mode, linkTarget } = Stat.parse(JSON.parse(Buffer.from(header, 'base64').toString()));
  return Math.floor(mode / linkBit) % 2 === 1 && linkTarget !== '' ? linkTarget : undefined;
}
