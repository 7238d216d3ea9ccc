import type { NotificationType, ParamsOf } from '../protocol/message';
import type { ChangeQueue } from './changeQueue';
import type { ClientClusters } from './clusters/clientClusters';
import type { ClientEngines } from './engines/clientEngines';
import type { ClientHealth } from './clientHealth';
import type { ClientLogs } from './logs';
import type { ClientStreams } from './streams';
import type * as z from 'zod';

/** Sends a notification to a client. On a closed connection nothing happens. */
export type Tell = <P extends z.ZodType>(
  type: NotificationType<P>,
  params: ParamsOf<NotificationType<P>>,
) => void;

/** A client after its handshake. */
export interface Client {
  readonly id: string;
  readonly kind: 'editor' | 'cli' | 'test';
  readonly pid: number;
  /** False after the handshake of another protocol version: it may ask us to leave, nothing else. */
  readonly compatible: boolean;
  /** Rises when its person trusts the workspace; never falls. */
  trusted: boolean;
  readonly changes: ChangeQueue;
  readonly engines: ClientEngines;
  readonly clusters: ClientClusters;
  readonly streams: ClientStreams;
  readonly logs: ClientLogs;
  readonly health: ClientHealth;
  /** Whether it has not taken what was sent: then what can be missed is not sent. */
  isSlow(): boolean;
}
