import type { ReadIdentity } from '../../identity/readIdentity';
import type { ClientEnvironment } from '../../protocol/runs';
import type { Secrets } from '../../secrets/types';
import type { HostProcess, Locks, RunStore } from '../../store/types';
import type { CellContext } from '../step/cellSpec';
import type { Clock } from '../clock';
import type { OutputIndex } from '../step/outputIndex';
import type { RunAudit } from './runAudit';
import type { RunRecorder } from './runRecorder';
import type { RestoredState } from '../session/passedCells';
import type { Lease } from '../session/sessionPool';
import type { StepEnd } from '../step/stepEnd';
import type { CheckRequirements } from './surroundings';
import type { Plan, RunObserver } from '../types';

/** What a run is carried out with. */
export interface RunSetting {
  readonly plan: Plan;
  /** Makes the plan anew, for other surroundings of its steps. Throws HandrailError. */
  readonly planAgain: (environment: Plan['environment']) => Plan;
  /** As whom and where its steps must act. */
  readonly held: { facts: Plan['identity'] };
  readonly recorder: RunRecorder;
  readonly lease: Lease;
  readonly store: RunStore;
  readonly locks: Locks | undefined;
  readonly secrets: Secrets;
  readonly audit: RunAudit;
  readonly index: OutputIndex;
  readonly observer: RunObserver;
  readonly clock: Clock;
  /** This process. */
  readonly host: HostProcess;
  readonly environment: ClientEnvironment;
  readonly context: CellContext;
  readonly readIdentity: ReadIdentity;
  readonly checkRequirements: CheckRequirements;
  /** Milliseconds. */
  readonly timeout: number | undefined;
  readonly keepGoing: boolean;
  /** Undo what has passed when a step fails. */
  readonly rollback: boolean;
  /** How many cells run at the same time, at most. */
  readonly parallel: number;
  readonly approved: readonly string[];
  /** Whether somebody answers. */
  readonly asks: boolean;
  /** How steps ended already in the run that this one continues, by index. */
  readonly carried: ReadonlyMap<number, StepEnd>;
  /** The session's state to begin with. */
  readonly restore: RestoredState | undefined;
  /** Gets what must not happen: a bug, not a failing cell. */
  readonly report: (error: unknown) => void;
}
