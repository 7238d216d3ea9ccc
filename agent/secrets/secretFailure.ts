import { HandrailError } from '../protocol/errors';
import type { SecretReference } from './types';

/** Why a secret could not be had: `missing`, `refused`, `unreachable`, `deadline`, or what is wrong with its value. */
export type SecretReason =
  | 'missing'
  | 'misconfigured'
  | 'refused'
  | 'unreachable'
  | 'deadline'
  | 'failed'
  | 'binary'
  | 'tooLong'
  | 'tooShort';

/** What a provider throws: why, as a clause, and what to do next, as a sentence. Never anything of a value. */
export class SecretFailure extends Error {
  override readonly name = 'SecretFailure';
  readonly reason: SecretReason;
  readonly next: string;

  constructor(reason: SecretReason, why: string, next: string, options?: ErrorOptions) {
    super(why, options);
    this.reason = reason;
    this.next = next;
  }
}

/** By its name: a provider in a bundle of its own has a class of its own. */
export function isSecretFailure(error: unknown): error is SecretFailure {
  return error instanceof Error && error.name === 'SecretFailure';
}

/** The failure of one secret as everybody else sees it: which, from where, why, what next. */
export function secretError(
  { name, provider, place }: SecretReference,
  failure: SecretFailure,
  redact: (text: string) => string,
): HandrailError {
  const message = `secret ${name} from ${provider}:${place}: ${failure.message}. ${failure.next}`;
  const details = { secret: name, provider, reason: failure.reason };
  // The cause stays out: a library's message may hold what was refused.
  return new HandrailError('secret', redact(message), details);
}
