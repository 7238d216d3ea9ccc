import type { ContextTrouble } from '../../protocol/contexts';
import { HandrailError } from '../../protocol/errors';
import type { FoundContext } from '../contexts/foundContext';

/** Why a cluster cannot be used, and what a person can do. */
export interface Trouble {
  readonly trouble: ContextTrouble;
  readonly message: string;
  readonly hint?: string;
  /** Milliseconds after which the server wants to be asked again. */
  readonly retryAfter?: number;
}

/** A cluster that cannot be reached, or not as this user. */
export class ClusterUnusable extends HandrailError {
  readonly trouble: Trouble;

  constructor({ id }: Pick<FoundContext, 'id'>, trouble: Trouble, cause?: unknown) {
    const { hint } = trouble;
    const details = { context: id, trouble: trouble.trouble, ...(hint !== undefined && { hint }) };
    super('cluster', trouble.message, details, { cause });
    this.trouble = trouble;
  }
}

/** No answer within the deadline. */
export class ClusterSilent extends Error {
  override readonly name = 'ClusterSilent';

  constructor(what: string, ms: number) {
    super(`No answer to ${what} within ${ms / 1000} s`);
  }
}
