import { HandrailError } from '../protocol/errors';
import type { ClientEnvironment } from '../protocol/runs';
import { checkValue } from './checkValue';
import { createRedactor } from './createRedactor';
import type { Provider } from './providers/provider';
import { providers } from './providers/providers';
import { isSecretFailure, SecretFailure, secretError } from './secretFailure';
import { createSharedFetch, type SharedFetch } from './sharedFetch';
import type { SecretReference, Secrets } from './types';

export interface SecretsSetting {
  readonly references: readonly SecretReference[];
  /** Path of the runbook: files are relative to it. */
  readonly file: string;
  readonly environment: ClientEnvironment;
  /** Values that the client sent: of `editor:` secrets and of secret inputs. */
  readonly given: Readonly<Record<string, string>>;
  /** Milliseconds that a provider may take. */
  readonly deadline?: number;
}

const defaultDeadline = 30_000;

/**
 * The secrets of one run, each fetched when it is first needed, once. What the client sent is masked at once, its
 * environment among it.
 */
export function createSecrets(setting: SecretsSetting): Secrets {
  const references = new Map(setting.references.map(reference => [reference.name, reference]));
  const redactor = createRedactor();
  for (const value of sent(setting)) redactor.add(value);
  const fetched = new Map<string, string>();
  const underway = new Map<string, SharedFetch>();

  const fetchOne = async (reference: SecretReference, signal: AbortSignal): Promise<string> => {
    try {
      const value = checkValue(await askInTime(providers[reference.provider], reference, setting, signal));
      redactor.add(value);
      fetched.set(reference.name, value);
      return value;
    } catch (error) {
      throw isSecretFailure(error) ? secretError(reference, error, text => redactor.text(text)) : error;
    } finally {
      underway.delete(reference.name);
    }
  };
  const get = async (name: string, signal: AbortSignal): Promise<[string, string]> => {
    const reference = references.get(name);
    if (reference === undefined) throw undeclared(name);
    let value = fetched.get(name);
    if (value === undefined) {
      const shared = underway.get(name) ?? createSharedFetch(own => fetchOne(reference, own));
      if (!shared.isAbandoned) underway.set(name, shared);
      value = await shared.wait(signal);
    }
    return [name, value];
  };
  return {
    names: new Set(references.keys()),
    redactor,
    fetched,
    fetch: async (names, signal) => {
      signal.throwIfAborted();
      return new Map(await Promise.all([...new Set(names)].map(name => get(name, signal))));
    },
    mask: values => {
      for (const value of values) redactor.add(value);
    },
  };
}

function sent({ given, references, environment }: SecretsSetting): string[] {
  const named = references.filter(({ provider }) => provider === 'env');
  return [
    ...Object.values(given),
    ...named.flatMap(({ place, from }) => (from ?? environment).env[place] ?? []),
  ];
}

async function askInTime(
  provider: Provider,
  { name, place, from }: SecretReference,
  { file, environment: own, given, deadline = defaultDeadline }: SecretsSetting,
  signal: AbortSignal,
): Promise<Uint8Array | string> {
  const timeout = AbortSignal.timeout(deadline);
  const both = AbortSignal.any([signal, timeout]);
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(timeout.aborted ? tooLate(deadline) : (signal.reason as Error));
  both.addEventListener('abort', end, { once: true });
  try {
    const where = { file: from?.file ?? file, environment: { ...own, env: from?.env ?? own.env } };
    return await Promise.race([provider(place, { name, ...where, given, signal: both }), ended]);
  } finally {
    both.removeEventListener('abort', end);
  }
}

function tooLate(deadline: number): SecretFailure {
  const next = 'It may wait for a password, a login or the network: try it in a terminal, then run again.';
  return new SecretFailure('deadline', `no answer within ${deadline / 1000} s, so it was given up`, next);
}

function undeclared(name: string): HandrailError {
  const message = `secret ${name} is not declared. Add it below \`secrets\` in the front matter of the runbook.`;
  return new HandrailError('secret', message, { secret: name, reason: 'missing' });
}
