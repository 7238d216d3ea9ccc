import type { Clusters } from '../clusters/clusters';
import type { Containers } from '../containers/containers';
import type { Health } from '../health/health';
import type { RunRequest, Runs } from '../engine/types';
import type { PlanWarning } from '../protocol/plan';
import type { RunRecord } from '../protocol/runs';
import type { RunStore } from '../store/types';
import type { Log } from './log';
import type { RunFeed } from './runFeed';

/** Store and runs; there once the history could be opened. */
export interface Engine {
  readonly store: RunStore;
  readonly runs: Runs;
  /** Cancels every run, ends every session, closes the history. */
  close(): Promise<void>;
}

/** What the handlers of requests work with. */
export interface Agent {
  readonly version: string;
  /** Empty on stdio. */
  readonly socket: string;
  readonly startedAt: Date;
  readonly log: Log;
  readonly feed: RunFeed;
  /** Folder for exported output. */
  readonly exports: string;
  /** @throws HandrailError `store` while the history cannot be opened; each call tries again. */
  engine(): Engine;
  /** Starts a run and tells everybody connected about it. Throws what the engine throws. */
  startRun(request: RunRequest): { run: RunRecord; warnings: PlanWarning[] };
  /** The engine where it is open already. */
  openEngine(): Engine | undefined;
  /** Container engines; what speaks to them is loaded at its first use. */
  containers(): Promise<Containers>;
  /** Kubernetes clusters; what speaks to them is loaded at its first use. */
  clusters(): Promise<Clusters>;
  /** Health checks; loaded at their first use. */
  health(): Promise<Health>;
  clientCount(): number;
  /** Ends the agent, orderly, soon after the present request is answered. */
  leave(reason: string): void;
}
