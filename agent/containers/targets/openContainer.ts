import type { ContainerInspectInfo } from 'dockerode';
import type { ContainerAccess } from '../../executors/container/access';
import { startExec } from '../exec/startExec';
import { type OpenEngine, statusOf, wordEngine } from './openEngine';
import type { ContainerTarget } from '../../runbook/containerTarget';

type ContainerState = Pick<ContainerInspectInfo['State'], 'Paused' | 'Running' | 'OOMKilled' | 'ExitCode'>;

/** Of a service with several containers the first one that runs. */
const serviceLabels = { project: 'com.docker.compose.project', service: 'com.docker.compose.service' };

/** The way into a container that is there. Rejects with an Error for a person where it is not, or does not run. */
export async function openContainer(
  engine: OpenEngine,
  target: Exclude<ContainerTarget, { kind: 'image' }>,
  user: string | undefined,
): Promise<ContainerAccess> {
  const id = target.kind === 'container' ? await named(engine, target.name) : await ofService(engine, target);
  const name =
    target.kind === 'container' ? `container ${target.name}` : `${target.project}/${target.service}`;
  return accessTo(engine, id, { name, user, isOwn: false, close: () => Promise.resolve() });
}

/** The way into a container that runs. `user`: other than that of the container. `close` gives it up. */
export function accessTo(
  engine: OpenEngine,
  id: string,
  {
    name,
    user,
    isOwn,
    close,
  }: Pick<ContainerAccess, 'name' | 'isOwn' | 'close'> & { user: string | undefined },
): ContainerAccess {
  const container = engine.docker.getContainer(id);
  const as = user === undefined ? {} : { user };
  return {
    name,
    isOwn,
    async start({ command, env, terminal }, take) {
      try {
        return await startExec(container, { command, env, terminal, ...as }, ({ channel, bytes }) =>
          take(channel, bytes),
        );
      } catch (error) {
        throw new Error((await trouble(engine, id, name)) ?? wordEngine(engine, name, error), {
          cause: error,
        });
      }
    },
    trouble: () => trouble(engine, id, name),
    close,
  };
}

/** Why nothing can be run in it, if that is so. */
async function trouble(engine: OpenEngine, id: string, name: string): Promise<string | undefined> {
  try {
    const { State } = await engine.docker.getContainer(id).inspect();
    return wordState(State, name, id.slice(0, 12));
  } catch (error) {
    if (statusOf(error) === 404) return `${name} has been removed`;
    return wordEngine(engine, name, error);
  }
}

/** Why nothing can be run in a container that is in this state; undefined where something can. */
function wordState(
  { Paused, Running, OOMKilled, ExitCode }: ContainerState,
  name: string,
  reference: string,
): string | undefined {
  if (Paused) return `${name} is paused: docker unpause ${reference}`;
  if (Running) return undefined;
  const killed = OOMKilled ? ', because memory ran out' : '';
  return `${name} has ended (exit ${ExitCode}${killed}): docker start ${reference}`;
}

async function named(engine: OpenEngine, name: string): Promise<string> {
  try {
    const { Id, State } = await engine.docker.getContainer(name).inspect();
    const trouble = wordState(State, `container ${name}`, name);
    if (trouble !== undefined) throw new Error(trouble);
    return Id;
  } catch (error) {
    if (statusOf(error) === undefined && !(error instanceof Error && 'code' in error)) throw error;
    if (statusOf(error) !== 404)
      throw new Error(wordEngine(engine, `container ${name}`, error), { cause: error });
    const all = await engine.docker.listContainers({ all: true });
    const names = all.flatMap(({ Names }) => Names.map(one => one.replace(/^\//, '')));
    throw new Error(`There is no container ${name}. ${wordNames(names)}`, { cause: error });
  }
}

async function ofService(
  engine: OpenEngine,
  { project, service }: { project: string; service: string },
): Promise<string> {
  const label = [`${serviceLabels.project}=${project}`];
  const all = await engine.docker
    .listContainers({ all: true, filters: { label } })
    .catch((error: unknown) => {
      throw new Error(wordEngine(engine, `${project}/${service}`, error), { cause: error });
    });
  const own = all.filter(({ Labels }) => Labels[serviceLabels.service] === service);
  const running = own.find(({ State }) => State === 'running');
  if (running !== undefined) return running.Id;
  if (own.length > 0)
    throw new Error(`${project}/${service} does not run: docker compose -p ${project} start ${service}`);
  const services = [...new Set(all.flatMap(({ Labels }) => Labels[serviceLabels.service] ?? []))];
  if (services.length > 0)
    throw new Error(
      `Project ${project} has no service ${service}. It has ${services.sort().slice(0, 20).join(', ')}.`,
    );
  throw new Error(`There is no compose project ${project}: docker compose ls shows those that are there.`);
}

function wordNames(names: readonly string[]): string {
  if (names.length === 0) return 'There are none.';
  const more = names.length > 20 ? ` and ${names.length - 20} others` : '';
  return `There are ${[...names].sort().slice(0, 20).join(', ')}${more}.`;
}
