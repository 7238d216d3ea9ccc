import type { ClientEnvironment } from '../../protocol/runs';

/** What a provider has to work with: the world of whoever asked for the run, never the agent's own. */
export interface ProviderContext {
  /** Of the secret. */
  readonly name: string;
  /** Path of the runbook. */
  readonly file: string;
  readonly environment: ClientEnvironment;
  readonly given: Readonly<Record<string, string>>;
  /** Ends everything that was begun: the deadline, or nobody wants it any more. */
  readonly signal: AbortSignal;
}

/**
 * Gets a value from the place that stands behind the provider's name. Throws SecretFailure with why and what next;
 * whether the value is text, and how long it is, is checked for all alike.
 */
export type Provider = (place: string, context: ProviderContext) => Promise<Uint8Array | string> | string;
