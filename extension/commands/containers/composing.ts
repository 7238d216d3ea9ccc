import * as vscode from 'vscode';
import { userName } from '../../../agent/client/userName';
import { composeDo } from '../../../agent/protocol/containerActions';
import type { ParamsOf } from '../../../agent/protocol/message';
import type { AgentClient } from '../../agent/agentClient';
import type { AgentStreams } from '../../agent/agentStreams';
import { engineEnvironment } from '../../agent/engineEnvironment';
import type { EngineFeed } from '../../agent/engineFeed';
import { ContainerTerminal } from '../../containers/containerTerminal';
import { pick } from '../../quickInput';
import { placeOf } from './placeOf';
import type { Targets } from './targets';

type Action = ParamsOf<typeof composeDo>['do'];

const actions: readonly (vscode.QuickPickItem & { readonly action: Action; readonly takesAway?: string })[] =
  [
    { action: 'up', label: 'Up', description: 'makes what is missing or has changed, and starts it' },
    { action: 'start', label: 'Start', description: 'starts what is there' },
    { action: 'stop', label: 'Stop', description: 'stops, and keeps the containers' },
    { action: 'restart', label: 'Restart' },
    { action: 'pull', label: 'Pull', description: 'fetches the images' },
    { action: 'build', label: 'Build', description: 'builds the images' },
    {
      action: 'down',
      label: 'Down…',
      description: 'stops and removes containers and networks',
      takesAway: 'Its containers and networks are removed; volumes stay.',
    },
    {
      action: 'downVolumes',
      label: 'Down, with Volumes…',
      description: 'removes volumes and what is in them, too',
      takesAway: 'Its containers, networks and volumes are removed, with all data in the volumes.',
    },
  ];

interface Ports {
  readonly agent: AgentClient;
  readonly streams: AgentStreams;
  readonly feed: EngineFeed;
  readonly targets: Targets;
}

/** Does with a compose project, or a service of one, what a person picks; what compose says is shown in a terminal. */
export async function compose(ports: Ports, first: unknown): Promise<void> {
  const bundle =
    ports.targets.composeBundle(first, undefined) ??
    (await ports.targets.pickProject('Compose: Which Project?'));
  if (bundle === undefined) return;
  const { endpoint, project, service } = bundle;
  const name = service === undefined ? project : `${project}/${service}`;
  const chosen = await pick([...actions], { title: `Compose: ${name}`, matchOnDescription: true });
  if (chosen === undefined) return;
  if (chosen.takesAway !== undefined && !(await isSure(ports.feed, endpoint, name, chosen.takesAway))) return;
  showInTerminal(
    ports,
    { endpoint, project, services: service === undefined ? [] : [service] },
    chosen.action,
  );
}

/** The safe answer comes first, since a modal focuses the first. */
async function isSure(feed: EngineFeed, endpoint: string, name: string, takesAway: string): Promise<boolean> {
  const found = feed.endpoint(endpoint);
  const detail = `${takesAway}\nEngine: ${found === undefined ? endpoint : placeOf(found)}`;
  const options = { modal: true, detail };
  const [no, yes] = [{ title: 'Do Not Take Down', isCloseAffordance: true }, { title: 'Take Down' }];
  return (
    (await vscode.window.showWarningMessage<vscode.MessageItem>(`Take ${name} down?`, options, no, yes)) ===
    yes
  );
}

function showInTerminal(
  { agent, streams }: Ports,
  of: Pick<ParamsOf<typeof composeDo>, 'endpoint' | 'project' | 'services'>,
  action: Action,
): void {
  const name = `compose ${action}: ${of.project}`;
  const pty = new ContainerTerminal(
    {
      async open() {
        const environment = engineEnvironment(process.env);
        const by = userName(process.env);
        const { stream, command } = await agent.request(composeDo, { ...of, do: action, environment, by });
        return { stream, title: name, command };
      },
      stays: true,
    },
    streams,
  );
  const iconPath = new vscode.ThemeIcon('layers');
  vscode.window.createTerminal({ name, pty, iconPath, isTransient: true }).show();
}
