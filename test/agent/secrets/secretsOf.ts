import assert from 'node:assert/strict';
import { createSecrets } from '../../../agent/secrets/createSecrets';
import { HandrailError } from '../../../agent/protocol/errors';
import type { SecretReference, Secrets } from '../../../agent/secrets/types';

export interface World {
  readonly file?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly given?: Readonly<Record<string, string>>;
  readonly deadline?: number;
}

/** The secrets of a runbook that declares these. */
export function secretsOf(declared: Readonly<Record<string, string>>, world: World = {}): Secrets {
  const references = Object.entries(declared).map(([name, text]): SecretReference => {
    const colon = text.indexOf(':');
    return {
      name,
      provider: text.slice(0, colon) as SecretReference['provider'],
      place: text.slice(colon + 1),
    };
  });
  const { file = '/runbooks/a.md', cwd = '/', env = {}, given = {}, deadline } = world;
  const environment = { env: { PATH: process.env['PATH']!, ...env }, cwd, umask: 0o22, user: 'ana' };
  return createSecrets({
    references,
    file,
    environment,
    given,
    ...(deadline === undefined ? {} : { deadline }),
  });
}

export const never = new AbortController().signal;

/** The value of one reference. */
export async function fetchOne(reference: string, world: World = {}): Promise<string | undefined> {
  return (await secretsOf({ S: reference }, world).fetch(['S'], never)).get('S');
}

/** Fails as an expected failure with this reason and words, and with nothing of these values. */
export async function refuses(
  reference: string,
  world: World,
  reason: string,
  words: RegExp,
  values: readonly string[] = [],
): Promise<void> {
  await assert.rejects(fetchOne(reference, world), (error: unknown) => {
    assert(error instanceof HandrailError, String(error));
    assert.equal(error.code, 'secret', error.message);
    assert.equal(error.details['reason'], reason, error.message);
    assert.match(error.message, words);
    assert(error.message.startsWith(`secret S from ${reference}: `), error.message);
    for (const value of values) assert(!JSON.stringify([error.message, error.details]).includes(value));
    return true;
  });
}
