import type { Session } from '../../executors/executor';
import type { BackgroundCells } from './backgroundCells';
import type { Variables } from '../step/capturedStdout';
import type { Course } from './course';
import type { RunSetting } from './runSetting';
import type { Underway } from './underway';

/** A run under way, as its parts know it. */
export interface RunUnderway {
  readonly setting: RunSetting;
  readonly course: Course;
  readonly underway: Underway;
  readonly background: BackgroundCells;
  /** Private folder of the run's files, once one is needed. */
  folder?: string;
  /** The step whose state of the session was saved last. */
  savedBefore?: number | undefined;
  /** Size of the terminal, as it is now. */
  terminal: { readonly columns: number; readonly rows: number };
}

/** Where a step runs: in the run's session, or beside others in a copy of it. */
export interface Workplace {
  readonly session: Session;
  /** Whether other steps may run at the same time. */
  readonly together?: boolean;
  /** Sets the variables that the step gives, for the steps that come after. */
  assign(variables: Variables): void;
}
