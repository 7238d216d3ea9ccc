import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { ContainerAccess, TargetUse } from '../../executors/container/access';
import { runbookName } from '../../runbook/runbookName';
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
  { env, folder, runbook, user, say, signal }: TargetUse,
): Promise<ContainerAccess> {
  const name = `image ${reference}`;
  if (!engine.isLocal)
    throw new Error(
      `${name}: the engine is on another machine, where the runbook's folder is not. Use target=container: with one that runs there.`,
    );
  try {
    const as = user ?? (await ownUser(engine));
    const make = () => engine.docker.createContainer(specOf(reference, folder, as, containerName(runbook)));
    const id = await create(make, () => pullForCell(engine, reference, env, say, signal));
    return await begin(engine, id, name);
  } catch (error) {
    const isOurs = error instanceof Error && statusOf(error) === undefined && !('code' in error);
    throw isOurs ? error : new Error(wordEngine(engine, name, error), { cause: error });
  }
}

async function create(make: () => Promise<Docker.Container>, pull: () => Promise<void>): Promise<string> {
  try {
    return (await make()).id;
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
  await pull();
  return (await make()).id;
}

/**
 * As whom a cell runs in a container made for it: as who we are, so that what it writes into the workspace is theirs.
 * In a rootless engine that is its root; where there are no such numbers, whoever the image says.
 */
async function ownUser({ docker, self }: OpenEngine): Promise<string | undefined> {
  if (self === undefined) return undefined;
  const { SecurityOptions = [] } = (await docker.info()) as { SecurityOptions?: string[] | null };
  return SecurityOptions?.some(option => option.includes('name=rootless')) ? '0:0' : self;
}

/** `handrail-restart-api-2d5384f3`: whoever lists containers sees what each is for. */
export function containerName(runbook: string | undefined): string {
  const called = runbook === undefined ? '' : runbookName(runbook);
  const plain = called
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[^a-zA-Z\d]+|[^a-zA-Z\d]+$/g, '');
  const parts = ['handrail', plain.slice(0, 40), randomBytes(4).toString('hex')];
  return parts.filter(part => part !== '').join('-');
}

function specOf(
  reference: string,
  folder: string,
  user: string | undefined,
  name: string,
): Docker.ContainerCreateOptions {
  const workspace = workspaceOf(folder);
  const body = {
    Image: reference,
    Entrypoint: ['sh', '-c', wait],
    Cmd: [],
    WorkingDir: folder,
    Labels: { [ownLabel]: String(process.pid) },
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    HostConfig: { AutoRemove: true, Mounts: [{ Type: 'bind', Source: workspace, Target: workspace }] },
    ...(user !== undefined && { User: user }),
  };
  // Otherwise dockerode says it all in the URL, too.
  const options = { _query: { name }, _body: body };
  return options as unknown as Docker.ContainerCreateOptions;
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
    const close = async (): Promise<void> => {
      held.destroy();
      await remove(container);
    };
    return accessTo(engine, id, { name, user: undefined, isOwn: true, close });
  } catch (error) {
    await remove(container);
    const { message } = error as Error;
    if (/executable file not found|no such file or directory: unknown/.test(message))
      throw new Error(`${name} has no shell (sh), and without one no cell can run in it.`, { cause: error });
    throw error;
  }
}

/** Milliseconds in which an engine that is about to remove a container itself has done so. */
const goingDeadline = 10_000;

/** One that is going, or has gone, is what was wanted; some engines call it an error that it is just going. */
async function remove(container: Docker.Container): Promise<void> {
  const end = performance.now() + goingDeadline;
  for (;;) {
    try {
      return void (await container.remove({ force: true }));
    } catch (error) {
      const status = statusOf(error);
      if (status === 404 || status === 409) return;
      if (status === undefined || performance.now() > end) throw error;
    }
    await new Promise<void>(resolve => setTimeout(resolve, 200));
  }
}
