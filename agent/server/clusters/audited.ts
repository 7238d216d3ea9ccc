import type { StreamEnd } from '../../byteStream';
import type { Clusters } from '../../clusters/clusters';
import type { LiveCluster } from '../../clusters/live/liveCluster';
import { ActionAudit } from '../../store/audit/actionAudit';
import type { Agent } from '../agent';
import type { Client } from '../client';

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
  // Not the cluster's own: what the configuration says of it may have changed.
  actions.checkMayChange(client.clusters.context(context), confirmed);
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
