import type { Runbook } from '../runbook/model';

/** What a plan is made from besides the request. Everything is optional: without it the plan knows less. */
export interface PlanSetting {
  /** {@link import('./passedCells').passedKey} of cells that passed in the session already: not pulled in again. */
  readonly passed?: ReadonlySet<string>;
  /** The request's text, where it is parsed already. */
  readonly runbook?: Runbook;
  /** Inputs and placeholders given in earlier runs of a file, to be offered again. */
  readonly lastInputs?: (file: string) => Readonly<Record<string, string>>;
  /** Values of the run that this one continues; those of the request win. */
  readonly earlierInputs?: Readonly<Record<string, string>>;
  /** Only to be looked at: what is missing (approvals, inputs) is in the plan and no error. */
  readonly onlyShown?: boolean;
}
