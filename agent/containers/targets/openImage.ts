import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { ContainerAccess, TargetUse } from '../../executors/container/access';
import { accessTo } from './openContainer';
import { type OpenEngine, statusOf, wordEngine } from './openEngine';
import { pullForCell } from './pullForCell';

/** Tells whose a container is. */
export const ownLabel = 'dev.handrail.run';

/** Lives as long as its input: the engine ends that when the connection of whoever made it goes. */
const wait = 'trap "exit 0" TERM INT; while IFS= read -r line; do :; done';

/**
 * A fresh container of an image, with the repository that the runbook is in (else its folder) mounted where it is here. It is removed when it is closed, and
 * also when we are killed, because its only process ends with its input.
 */
export async function openImage(
  engine: OpenEngine,
  reference: string,
  { folder, say, signal }: TargetUse,
): Promise<ContainerAccess> {
  const name = `image ${reference}`;
  if (!engine.isLocal)
    throw new Error(
      `${name}: the engine is on another machine, where the runbook's folder is not. Use target=container: with one that runs there.`,
    );
  try {
    const id = await create(engine, reference, folder, say, signal);
    return await begin(engine, id, name);
  } catch (error) {
    const isOurs = error instanceof Error && statusOf(error) === undefined && !('code' in error);
    throw isOurs ? error : new Error(wordEngine(engine, name, error), { cause: error });
  }
}

async function create(
  engine: OpenEngine,
  reference: string,
  folder: string,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<string> {
  // Otherwise dockerode says it all in the URL, too.
  const options = {
    _query: { name: `handrail-${randomBytes(4).toString('hex')}` },
    _body: specOf(reference, folder),
  };
  const make = async (): Promise<string> =>
    (await engine.docker.createContainer(options as unknown as Docker.ContainerCreateOptions)).id;
  try {
    return await make();
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
  await pullForCell(engine, reference, say, signal);
  return make();
}

function specOf(reference: string, folder: string): Docker.ContainerCreateOptions {
  const workspace = workspaceOf(folder);
  return {
    Image: reference,
    Entrypoint: ['sh', '-c', wait],
    Cmd: [],
    WorkingDir: folder,
    Labels: { [ownLabel]: String(process.pid) },
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    HostConfig: { AutoRemove: true, Mounts: [{ Type: 'bind', Source: workspace, Target: workspace }] },
  };
}

/** The repository that a folder is in, else the folder itself. */
function workspaceOf(folder: string): string {
  for (let at = folder; at !== dirname(at); at = dirname(at)) if (existsSync(join(at, '.git'))) return at;
  return folder;
}

async function begin(engine: OpenEngine, id: string, name: string): Promise<ContainerAccess> {
  const container = engine.docker.getContainer(id);
  try {
    const held = (await container.attach({ stream: true, stdin: true, hijack: true })) as Duplex;
    held.on('error', () => held.destroy());
    await container.start();
    return accessTo(engine, id, name, async () => {
      held.destroy();
      await remove(container);
    });
  } catch (error) {
    await remove(container);
    const { message } = error as Error;
    if (/executable file not found|no such file or directory: unknown/.test(message))
      throw new Error(`${name} has no shell (sh), and without one no cell can run in it.`, { cause: error });
    throw error;
  }
}

/** One that is going, or has gone, is what was wanted. */
async function remove(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true });
  } catch (error) {
    if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
  }
}
