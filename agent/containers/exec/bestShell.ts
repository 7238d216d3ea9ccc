import type Docker from 'dockerode';

/** The better one first. */
const shells = ['bash', 'ash', 'sh'];
const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The best shell that a container has, looked up in its files: nothing is run. Undefined where none is found. The files
 * are looked at in the container's own PATH.
 */
export async function bestShell(container: Docker.Container): Promise<string | undefined> {
  const { Config, Platform } = await container.inspect();
  if (Platform === 'windows') return 'cmd';
  const path =
    (Config.Env as string[] | null)?.find(entry => entry.startsWith('PATH='))?.slice(5) ?? usualPath;
  const folders = [...new Set(path.split(':'))].filter(folder => folder.startsWith('/')).slice(0, 12);
  for (const shell of shells) {
    const found = await Promise.all(folders.map(folder => isThere(container, `${folder}/${shell}`)));
    const index = found.indexOf(true);
    if (index >= 0) return `${folders[index] ?? ''}/${shell}`;
  }
  return undefined;
}

/** https://docs.docker.com/reference/api/engine/version/v1.44/#tag/Container/operation/ContainerArchiveInfo */
async function isThere(container: Docker.Container, path: string): Promise<boolean> {
  try {
    const stream = (await container.infoArchive({ path })) as NodeJS.ReadableStream;
    stream.resume();
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}
