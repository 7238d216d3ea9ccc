import type { ChangeQueue } from './changeQueue';

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
}
