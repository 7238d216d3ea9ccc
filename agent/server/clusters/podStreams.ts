import type * as z from 'zod';
import type { Clusters } from '../../clusters/clusters';
import type { LiveCluster } from '../../clusters/live/liveCluster';
import { saveLog } from '../../logs/saveLog';
import type {
  debugPod,
  drainNode,
  endForward,
  execInPod,
  forwardPort,
  openPodLog,
  savePodLog,
} from '../../protocol/clusterStreams';
import type { ResultOf } from '../../protocol/message';
import type { Agent } from '../agent';
import type { Client } from '../client';
import { audited, reached, whileItLasts } from './audited';

type Asked<M extends { params: z.ZodType }> = z.output<M['params']>;

/** Answers {@link openPodLog}. */
export async function followPodLog(
  { context, range, ...wanted }: Asked<typeof openPodLog>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof openPodLog>> {
  const { cluster, actions } = await reached(context, agent, client);
  const asked = { ...wanted, ...range };
  const opened = await client.logs.open(() => readable(cluster, actions, asked));
  agent.log.info('Log opened', { context, sources: opened.sources.length, by: client.id });
  return { ...opened, kubectl: actions.logCommands(cluster.context, asked).join('\n') };
}

/** Answers {@link savePodLog}. */
export async function savePodLogTo(
  { context, range, path, timestamps, ...wanted }: Asked<typeof savePodLog>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof savePodLog>> {
  const { cluster, actions } = await reached(context, agent, client);
  const log = await readable(cluster, actions, { ...wanted, ...range, follow: false });
  return client.logs.during(log, () => saveLog(log, { path, timestamps }));
}

function readable(
  cluster: LiveCluster,
  actions: Clusters['actions'],
  asked: Parameters<Clusters['actions']['openPodLogs']>[1],
): ReturnType<Clusters['actions']['openPodLogs']> {
  return cluster.during(async () => {
    const { namespace } = asked.of;
    for (const verb of ['list', 'watch'])
      await actions.checkRight(cluster, { verb, group: '', resource: 'pods', namespace });
    await actions.checkRight(cluster, { verb: 'get', group: '', resource: 'pods/log', namespace });
    return actions.openPodLogs(cluster, asked);
  });
}

/** Answers {@link execInPod}. */
export async function startInPod(
  { context, by, confirmed, ...wanted }: Asked<typeof execInPod>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof execInPod>> {
  const { cluster, actions, audit } = await audited({ context, by, confirmed }, agent, client);
  const { namespace, pod, terminal } = wanted;
  await actions.checkRight(cluster, { verb: 'get', group: '', resource: 'pods/exec', namespace, name: pod });
  const row = {
    action: 'pod.exec',
    subject: `pods/${namespace}/${pod}`,
    details: { ...(wanted.command && { command: wanted.command.join(' ').slice(0, 500) }) },
  };
  const { stream, begun } = await client.streams.open(sink =>
    whileItLasts({ cluster, audit, row }, () => actions.openPodExec(cluster, wanted, sink)),
  );
  const { command, container } = begun;
  const where = { namespace, pod, container };
  const kubectl = actions.execCommand(cluster.context, where, command, terminal !== undefined);
  return { stream, command, container, kubectl };
}

/** Answers {@link debugPod}. */
export async function startDebug(
  { context, by, confirmed, ...wanted }: Asked<typeof debugPod>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof debugPod>> {
  const { cluster, actions, audit } = await audited({ context, by, confirmed }, agent, client);
  const { namespace, pod, image, command = [] } = wanted;
  const right = { group: '', namespace, name: pod };
  await actions.checkRight(cluster, { ...right, verb: 'patch', resource: 'pods/ephemeralcontainers' });
  await actions.checkRight(cluster, { ...right, verb: 'get', resource: 'pods/attach' });
  const row = { action: 'pod.debug', subject: `pods/${namespace}/${pod}`, details: { image } };
  const { stream, begun } = await client.streams.open(sink =>
    whileItLasts({ cluster, audit, row }, () => actions.openDebug(cluster, wanted, sink)),
  );
  const { container, target } = begun;
  const kubectl = actions.debugCommand(cluster.context, { namespace, pod, image, target }, command);
  return { stream, container, kubectl };
}

/** Answers {@link drainNode}. */
export async function startDrain(
  { context, by, confirmed, ...wanted }: Asked<typeof drainNode>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof drainNode>> {
  const { cluster, actions, audit } = await audited({ context, by, confirmed }, agent, client);
  const { node, grace } = wanted;
  await actions.checkRight(cluster, { verb: 'patch', group: '', resource: 'nodes', name: node });
  await actions.checkRight(cluster, { verb: 'create', group: '', resource: 'pods/eviction' });
  const row = {
    action: 'node.drain',
    subject: `nodes/${node}`,
    details: { ...(grace !== undefined && { grace: String(grace) }) },
  };
  const { stream } = await client.streams.open(sink =>
    whileItLasts({ cluster, audit, row }, () => Promise.resolve(actions.drainNode(cluster, wanted, sink))),
  );
  return { stream, kubectl: actions.drainCommand(cluster.context, wanted) };
}

/** Answers {@link forwardPort}. */
export async function beginForward(
  { context, by, confirmed, ...wanted }: Asked<typeof forwardPort>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof forwardPort>> {
  const { cluster, actions, audit } = await audited({ context, by, confirmed }, agent, client);
  const { namespace, kind, name, remote } = wanted;
  for (const verb of ['list', 'watch'])
    await actions.checkRight(cluster, { verb, group: '', resource: 'pods', namespace });
  await actions.checkRight(cluster, { verb: 'get', group: '', resource: 'pods/portforward', namespace });
  const row = {
    action: 'port.forward',
    subject: `${kind}/${namespace}/${name}`,
    details: { port: String(remote) },
  };
  const { forward } = await whileItLasts({ cluster, audit, row }, async () => {
    const begun = await (await client.clusters.forwards()).begin(cluster, wanted);
    return { ...begun, ended: begun.ended.then(() => ({})) };
  });
  return { forward };
}

/** Answers {@link endForward}. */
export async function stopForward(
  { id }: Asked<typeof endForward>,
  _agent: Agent,
  client: Client,
): Promise<ResultOf<typeof endForward>> {
  (await client.clusters.forwards()).end(id);
  return {};
}
