import { isUp } from '../../views/containers/containerWords';
import { act } from './act';
import { confirm } from './confirm';
import type { ContainerParts } from './containerCommands';
import { pick } from '../../quickInput';

/** Sends a signal that a person picks to containers; asks first where that may end them. */
export async function killContainers(
  ports: Pick<ContainerParts, 'agent' | 'feed' | 'targets' | 'view'>,
  chosen: readonly [unknown, unknown],
): Promise<void> {
  const { feed, targets } = ports;
  const containers = await targets.containers(chosen, 'Send a Signal to Containers', isUp);
  if (containers.length === 0) return;
  const [first] = containers;
  const whom =
    containers.length === 1 && first !== undefined
      ? first.row.name
      : `${String(containers.length)} containers`;
  const signal = await pick(signals, {
    title: `Send a Signal to ${whom}`,
    matchOnDescription: true,
  });
  if (signal === undefined) return;
  if (signal.ends) {
    const detail = `${signal.label} is sent to the first process: ${signal.description}.`;
    if ((await confirm(feed, containers, { verb: 'Kill', what: 'container', detail })) === undefined) return;
  }
  await act(ports, { do: 'kill', signal: signal.label }, containers);
}

const signals: readonly { label: string; description: string; ends: boolean }[] = [
  { label: 'SIGKILL', description: 'ends it at once, without tidying up', ends: true },
  { label: 'SIGTERM', description: 'asks it to end', ends: true },
  { label: 'SIGINT', description: 'as Ctrl-C does', ends: true },
  { label: 'SIGQUIT', description: 'ends it, often with a dump', ends: true },
  { label: 'SIGHUP', description: 'often: reads its configuration again', ends: false },
  { label: 'SIGUSR1', description: 'whatever the program makes of it', ends: false },
  { label: 'SIGUSR2', description: 'whatever the program makes of it', ends: false },
  { label: 'SIGWINCH', description: 'some servers end gracefully', ends: true },
];
