import { listPodContainers } from '../../../agent/protocol/clusterObjects';
import { openPodLog, savePodLog } from '../../../agent/protocol/clusterStreams';
import type { ShownLog } from '../../logs/logPanel';
import { logTitle } from '../../logs/logTitle';
import { pick } from '../../quickInput';
import { podsOf, type ChosenPods } from './chosenPods';
import { logsOf, type PodLog } from './logsOf';
import type { ClusterParts } from './clusterCommands';

type Parts = Pick<ClusterParts, 'agent' | 'feed' | 'provider' | 'logs'>;

/** What part of a log is wanted. */
interface Wanted {
  readonly container?: string;
  /** Milliseconds since 1970. */
  readonly since?: number;
  readonly previous?: boolean;
}

/** Shows the logs of what is chosen: of pods of one namespace in one page, of each workload or container in its own. */
export async function showPodLogs(parts: Parts, rows: readonly [unknown, unknown]): Promise<void> {
  const chosen = await podsOf(parts, rows, 'Logs of What?');
  for (const log of logsOf(chosen)) parts.logs.show(shownLog(parts, log, {}));
}

/** The same, for a time, a container, or the run before. */
export async function showPodLogsWith(parts: Parts, rows: readonly [unknown, unknown]): Promise<void> {
  const chosen = await podsOf(parts, rows, 'Logs of What?');
  const logs = logsOf(chosen);
  if (logs.length === 0) return;
  const picked = await pick(choices(parts, chosen), { title: 'Which Part of the Logs?' });
  if (picked === undefined) return;
  for (const log of logs) parts.logs.show(shownLog(parts, log, picked.wanted(Date.now())));
}

async function choices({ agent }: Parts, chosen: readonly ChosenPods[]) {
  const [first] = chosen;
  const isOnePod = chosen.length === 1 && first?.kind === 'pods' && first.container === undefined;
  const { containers } = isOnePod
    ? await agent.request(listPodContainers, {
        ...{ context: first.context, namespace: first.namespace, pod: first.name },
      })
    : { containers: [] };
  const times = spans.map(([label, ms]) => ({
    label,
    description: '',
    wanted: (now: number): Wanted => ({ since: now - ms }),
  }));
  const before = {
    label: 'Of the Run Before',
    description: 'what containers printed before they were started again',
    wanted: (): Wanted => ({ previous: true }),
  };
  const own = containers.map(({ name, type }) => ({
    label: name,
    description: type === 'container' ? 'this container only' : `this ${type} container only`,
    wanted: (): Wanted => ({ container: name }),
  }));
  return [...times, before, ...own];
}

const minute = 60_000;
const spans: readonly (readonly [string, number])[] = [
  ['The Last 5 Minutes', 5 * minute],
  ['The Last Hour', 60 * minute],
  ['The Last Day', 24 * 60 * minute],
];

function shownLog({ agent, feed }: Parts, { context, of, names, ...log }: PodLog, wanted: Wanted): ShownLog {
  const { since: begin, previous = false, container = log.container } = wanted;
  const asked = { context, of, previous, ...(container !== undefined && { container }) };
  const title = logTitle(names) + words(wanted);
  return {
    ...{ key: JSON.stringify([asked, begin]), title, hasFixedSources: false },
    // A new connection knows no contexts before they are listed.
    find: () => feed.list(),
    open: ({ tail, since }) => {
      // What is asked for whole has no tail.
      const from = since ?? (tail === undefined ? undefined : begin);
      const range = from === undefined ? { ...(tail !== undefined && { tail }) } : { since: from };
      return agent.request(openPodLog, { ...asked, range });
    },
    save: path => {
      const range = { follow: false, ...(begin !== undefined && { since: begin }) };
      return agent.request(savePodLog, { ...asked, range, path, timestamps: true });
    },
  };
}

function words({ container, since, previous }: Wanted): string {
  if (container !== undefined) return ` (${container})`;
  if (since !== undefined) return ` (since ${new Date(since).toLocaleTimeString('en-GB')})`;
  return previous === true ? ' (the run before)' : '';
}
