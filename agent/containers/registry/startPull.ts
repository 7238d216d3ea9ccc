import type Docker from 'dockerode';
import type { Readable } from 'node:stream';
import { registryLogin } from './registryLogin';

/**
 * Has an engine pull an image, logged in as Docker's own program would be with this environment; gives its lines of
 * progress. Rejects with what the engine says, or with an Error for a person where the login cannot be found out.
 */
export async function startPull(
  docker: Docker,
  reference: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Readable> {
  const login = await registryLogin(reference, env);
  // Not `pull`, which would put the login into the URL, too.
  return (await docker.createImage(login, { fromImage: withTag(reference) })) as Readable;
}

/** Without a tag an engine would pull all there are. */
function withTag(reference: string): string {
  return /[:@][^/]*$/.test(reference) ? reference : `${reference}:latest`;
}
