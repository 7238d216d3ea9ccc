import type { Guardian } from './process/guardian';
import type { Graces } from './process/stopLadder';

/** What all sessions of this process share. */
export interface Host {
  /** Private folder of the sessions' files. */
  readonly folder: string;
  /** Marks everything that this process starts: value of HANDRAIL_HOST. */
  readonly id: string;
  readonly guardian: Guardian;
  readonly graces: Graces;
  /** Time that an interpreter has to begin. Milliseconds. */
  readonly interpreterStart: number;
}

/** Names of the variables that tell whose a process is. Each inherits them, however far it runs. */
export const hostVariable = 'HANDRAIL_HOST';
export const cellVariable = 'HANDRAIL_CELL';
