import { openLog, saveLog, type LogOf } from '../../../agent/protocol/logs';
import type { AgentClient } from '../../agent/agentClient';
import type { EngineFeed } from '../../agent/engineFeed';
import type { ShownLog } from '../../logs/logPanel';
import type { LogPanels } from '../../logs/logPanels';
import { logTitle } from '../../logs/logTitle';
import type { Targets } from './targets';

interface Ports {
  readonly agent: AgentClient;
  readonly feed: EngineFeed;
  readonly targets: Targets;
  readonly logs: LogPanels;
}

/** Shows the log of containers that were chosen: one page for all of an engine; of a project or service also those that come. */
export async function showLogs(ports: Ports, [first, all]: readonly [unknown, unknown]): Promise<void> {
  const { targets, logs } = ports;
  const bundle = targets.composeBundle(first, all);
  if (bundle !== undefined) {
    const { endpoint, project, service } = bundle;
    const of = { kind: 'project' as const, project, ...(service !== undefined && { service }) };
    const name = service === undefined ? project : `${project}/${service}`;
    return logs.show(shownLog(ports, endpoint, of, logTitle([name])));
  }
  const chosen = await targets.containers([first, all], 'Logs of Which Containers?', () => true);
  for (const endpoint of new Set(chosen.map(target => target.endpoint))) {
    const rows = chosen.filter(target => target.endpoint === endpoint).map(({ row }) => row);
    const of = { kind: 'containers' as const, ids: rows.slice(0, mostAtOnce).map(({ id }) => id) };
    logs.show(shownLog(ports, endpoint, of, logTitle(rows.map(({ name }) => name))));
  }
}

/** As many as the protocol takes. */
const mostAtOnce = 1000;

function shownLog({ agent, feed }: Ports, endpoint: string, of: LogOf, title: string): ShownLog {
  return {
    ...{ key: JSON.stringify([endpoint, of]), title, hasFixedSources: of.kind === 'containers' },
    // A new connection knows no engines before they are listed.
    find: () => feed.list(),
    open: range => agent.request(openLog, { endpoint, of, range }),
    save: path => agent.request(saveLog, { endpoint, of, range: { follow: false }, path, timestamps: true }),
  };
}
