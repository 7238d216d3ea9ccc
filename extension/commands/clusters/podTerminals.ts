import { userName } from '../../../agent/client/userName';
import { debugPod, execInPod } from '../../../agent/protocol/clusterStreams';
import { openPodTerminal } from '../../clusters/openPodTerminal';
import { askText } from '../../quickInput';
import { checkCommand } from '../containers/checks';
import { splitCommand } from '../containers/splitCommand';
import { isPod, podsOf, type ChosenPods } from './chosenPods';
import type { ClusterParts } from './clusterCommands';
import { confirmedOn } from './confirmedOn';

/** Opens a shell in each pod or container that is chosen: the best one it has. */
export async function openPodShell(parts: ClusterParts, rows: readonly [unknown, unknown]): Promise<void> {
  for (const pod of await podsOf(parts, rows, 'Open a Shell in Which Pod?', isPod)) openExec(parts, pod);
}

/** Asks for a command and runs it in a terminal. */
export async function execIn(parts: ClusterParts, first: unknown): Promise<void> {
  const [pod] = await podsOf(parts, [first, undefined], 'Run a Command in Which Pod?', isPod);
  if (pod === undefined) return;
  const line = await askText({
    title: `Run a Command in ${placeOf(pod)}`,
    prompt: 'A program and its arguments; for pipes and variables: sh -c "…"',
    validateInput: checkCommand,
  });
  const command = splitCommand(line ?? '');
  if (command.length > 0) openExec(parts, pod, command);
}

/** Asks for an image, and opens a terminal in a new container of it beside those of a pod. */
export async function openDebug(parts: ClusterParts, first: unknown): Promise<void> {
  const [pod] = await podsOf(parts, [first, undefined], 'Debug Which Pod?', isPod);
  if (pod === undefined) return;
  const { context, namespace, name, container } = pod;
  const image = await askText({
    title: `Debug ${placeOf(pod)}`,
    prompt: 'The image of a new container in the pod; the container stays in the pod’s record',
    value: 'busybox',
    validateInput: text => (text.trim() === '' ? 'An image has a name.' : undefined),
  });
  if (image === undefined) return;
  openPodTerminal(parts.streams, `${name}: debug`, terminal =>
    confirmedOn(async confirmed => {
      const { stream, container: made } = await parts.agent.request(debugPod, {
        ...{ context, namespace, pod: name, image: image.trim(), terminal, by: userName(process.env) },
        ...(container !== undefined && { target: container }),
        ...(confirmed !== undefined && { confirmed }),
      });
      return { stream, title: `${name}/${made}` };
    }),
  );
}

function openExec(parts: ClusterParts, pod: ChosenPods, command?: readonly string[]): void {
  const { context, namespace, name, container } = pod;
  openPodTerminal(parts.streams, placeOf(pod), terminal =>
    confirmedOn(async confirmed => {
      const opened = await parts.agent.request(execInPod, {
        ...{ context, namespace, pod: name, terminal, by: userName(process.env) },
        ...(container !== undefined && { container }),
        ...(command !== undefined && { command: [...command] }),
        ...(confirmed !== undefined && { confirmed }),
      });
      const program = opened.command[0]?.split('/').at(-1) ?? 'shell';
      return { stream: opened.stream, title: `${name}/${opened.container}: ${program}` };
    }),
  );
}

function placeOf({ name, container }: ChosenPods): string {
  return container === undefined ? name : `${name}/${container}`;
}
