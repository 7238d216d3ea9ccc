import { logTitle } from '../../containers/logs/logTitle';
import type { LogPanels } from '../../containers/logs/logPanels';
import type { Targets } from './targets';

/** Shows the log of containers that were chosen: one page for all of an engine; of a project or service also those that come. */
export async function showLogs(
  { targets, logs }: { readonly targets: Targets; readonly logs: LogPanels },
  [first, all]: readonly [unknown, unknown],
): Promise<void> {
  const bundle = targets.composeBundle(first, all);
  if (bundle !== undefined) {
    const { endpoint, project, service } = bundle;
    const of = { kind: 'project' as const, project, ...(service !== undefined && { service }) };
    return logs.show({
      endpoint,
      of,
      title: logTitle([service === undefined ? project : `${project}/${service}`]),
    });
  }
  const chosen = await targets.containers([first, all], 'Logs of Which Containers?', () => true);
  for (const endpoint of new Set(chosen.map(target => target.endpoint))) {
    const rows = chosen.filter(target => target.endpoint === endpoint).map(({ row }) => row);
    const title = logTitle(rows.map(({ name }) => name));
    logs.show({
      endpoint,
      of: { kind: 'containers', ids: rows.slice(0, mostAtOnce).map(({ id }) => id) },
      title,
    });
  }
}

/** As many as the protocol takes. */
const mostAtOnce = 1000;
