import type { ClientEnvironment } from '../../protocol/runs';
import type { SecretReference, Secrets } from '../../secrets/types';
import type { Plan } from '../types';

/** Something that a plan requires, where it is asked for, and what is wrong with it. */
export interface CheckedRequirement {
  readonly name: string;
  /** Its version, where it told one. */
  readonly found?: string;
  readonly problem?: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Looks at all that a plan requires; `problem`: what is missing and how to get it. */
export type CheckRequirements = (
  plan: Plan,
  environment: Pick<ClientEnvironment, 'env' | 'cwd'>,
  signal: AbortSignal,
) => Promise<readonly CheckedRequirement[]>;

/** Makes the secrets of one run. */
export type CreateSecrets = (wanted: {
  readonly references: readonly SecretReference[];
  /** Values that came with the request, by name: those of `editor:` secrets and of inputs that are secret. */
  readonly given: Readonly<Record<string, string>>;
  readonly file: string;
  readonly environment: ClientEnvironment;
}) => Secrets;
