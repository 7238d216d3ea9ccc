import type * as z from 'zod';
import { ackClusters } from '../protocol/clusters';
import { ackEngines } from '../protocol/containers';
import { grantTrust } from '../protocol/handshake';
import { ackLog } from '../protocol/logs';
import type { NotificationType } from '../protocol/message';
import { ackChanges } from '../protocol/runs';
import { ackStream } from '../protocol/streams';
import type { Agent } from './agent';
import type { Client } from './client';

/** A notification of a client and what takes it. */
interface Notice {
  readonly method: string;
  readonly params: z.ZodType;
  /** `params` have passed the schema. */
  take(params: unknown, client: Client, agent: Agent): void;
}

function notice<P extends z.ZodType>(
  type: NotificationType<P>,
  take: (params: z.output<P>, client: Client, agent: Agent) => void,
): Notice {
  const { method, params } = type;
  return { method, params, take: (sent, client, agent) => take(sent as z.output<P>, client, agent) };
}

const notices: readonly Notice[] = [
  notice(grantTrust, (_params, client, agent) => {
    client.trusted = true;
    agent.log.info('Client was trusted', { id: client.id });
  }),
  notice(ackChanges, ({ number }, client) => client.changes.acknowledge(number)),
  notice(ackEngines, ({ number }, client) => client.engines.acknowledge(number)),
  notice(ackClusters, ({ number }, client) => client.clusters.acknowledge(number)),
  notice(ackStream, ({ stream, seq }, client) => client.streams.acknowledge(stream, seq)),
  notice(ackLog, ({ log, number }, client) => client.logs.acknowledge(log, number)),
];

/** Every notification that the agent takes, by method. */
export const noticeTable: ReadonlyMap<string, Notice> = new Map(notices.map(each => [each.method, each]));
