import type * as z from 'zod';
import type { StreamEnd } from '../../byteStream';
import type { Clusters } from '../../clusters/clusters';
import type { LiveCluster } from '../../clusters/live/liveCluster';
import { saveLog } from '../../logs/saveLog';
import type { execInPod, openPodLog, savePodLog } from '../../protocol/clusterStreams';
import type { ResultOf } from '../../protocol/message';
import { ActionAudit } from '../../store/audit/actionAudit';
import type { Agent } from '../agent';
import type { Client } from '../client';

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

/** A cluster that was listed, and what can be done to it. */
export async function reached(
  context: string,
  agent: Agent,
  client: Client,
): Promise<{ cluster: LiveCluster; actions: Clusters['actions'] }> {
  const cluster = await client.clusters.cluster(context);
  const { actions } = await agent.clusters();
  return { cluster, actions };
}

/**
 * The same for what changes something: with the audit log it goes into. Throws HandrailError `store` where there is none,
 * and where the context refuses, or wants its name first.
 */
export async function audited(
  { context, by, confirmed }: { context: string; by: string; confirmed: string | undefined },
  agent: Agent,
  client: Client,
): Promise<{ cluster: LiveCluster; actions: Clusters['actions']; audit: ActionAudit }> {
  const { cluster, actions } = await reached(context, agent, client);
  actions.checkMayChange(cluster.context, confirmed);
  return { cluster, actions, audit: auditOf(cluster, by, agent) };
}

/** The audit log of what somebody does to a cluster. */
export function auditOf({ context }: LiveCluster, by: string, agent: Agent): ActionAudit {
  const report = (error: unknown): void => agent.log.error('An action could not be logged', error);
  const where = { context: context.name, server: context.cluster.server };
  return new ActionAudit(agent.engine().store.audit, { by, where, report });
}

/** Begins something that goes on: the cluster is kept, and the log gets a row when it began and one with its end. */
export function whileItLasts<T extends { readonly ended: Promise<StreamEnd> }>(
  {
    cluster,
    audit,
    row,
  }: {
    cluster: LiveCluster;
    audit: ActionAudit;
    row: { action: string; subject: string; details: Record<string, string> };
  },
  begin: () => Promise<T>,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const all = audit.around(
    row.action,
    row.subject,
    row.details,
    () =>
      cluster.during(async () => {
        const begun = await begin();
        resolve(begun);
        return begun.ended;
      }),
    ({ exit, message }) => ({
      outcome: 'done',
      ...(exit !== undefined && { exit }),
      ...(message !== undefined && { message }),
    }),
  );
  all.catch(reject);
  return promise;
}
