import type { Config } from '../../config/configFile';
import type { Policy } from '../../config/readPolicies';
import type { ReadIdentity } from '../../identity/readIdentity';
import type { FiledDiagnostic, Runbook } from '../../runbook/model';
import type { Plan, PlannedStep } from '../types';

/** What a plan is made from besides the request. Everything is optional: without it the plan knows less. */
export interface PlanSetting extends PlanWorld {
  /** {@link import('../session/passedCells').passedKey} of cells that passed in the session already: not pulled in again. */
  readonly passed?: ReadonlySet<string>;
  /** The request's text, where it is parsed already. */
  readonly runbook?: Runbook;
  /** Inputs and placeholders given in earlier runs of a file, to be offered again. */
  readonly lastInputs?: (file: string) => Readonly<Record<string, string>>;
  /** Values of the run that this one continues; those of the request win. */
  readonly earlierInputs?: Readonly<Record<string, string>>;
  /** What the cells will find, where a kept session has changed it; else the client's with the front matter's. */
  readonly environment?: { readonly env: Readonly<Record<string, string>>; readonly cwd: string };
  /** Only cells that undo others are run: whether what one of them undoes is to be undone. */
  readonly undoing?: (undone: Pick<PlannedStep, 'cell' | 'from' | 'key'>) => boolean;
  /** A run goes on from an earlier one: what of the plan is to be asked for because of that. */
  readonly goingOn?: (plan: Plan) => Plan;
  /** Only to be looked at: what is missing (approvals, inputs, secrets) is in the plan and no error. */
  readonly onlyShown?: boolean;
}

/** What a plan looks up in the world. Made by `planWorld`. */
export interface PlanWorld {
  /** The text of another runbook; throws what reading a file throws. */
  readonly readFile?: (path: string) => string;
  /** The one path of a file that links give several. */
  readonly identify?: (path: string) => string;
  readonly identity?: ReadIdentity;
  /** The person's configuration, and what is wrong with it. */
  readonly config?: () => { readonly config: Config; readonly problems: readonly FiledDiagnostic[] };
  /** The rules of the repository that a runbook lies in; throws HandrailError `invalidRunbook` where they are broken. */
  readonly policies?: (file: string) => readonly Policy[];
  /** Whether the run goes into the history (true): what outlives it is found there. */
  readonly recorded?: boolean;
}
