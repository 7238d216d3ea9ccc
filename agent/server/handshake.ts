import { createHash, timingSafeEqual } from 'node:crypto';
import type * as z from 'zod';
import { HandrailError } from '../protocol/errors';
import { type initialize, protocolVersion } from '../protocol/handshake';

type Hello = z.output<(typeof initialize)['params']>;

/** What this agent can do beyond the protocol's first version. */
export const capabilities: readonly string[] = [];

/**
 * Checks that a client could read this user's token file. `token` is undefined on stdio, where whoever started us
 * holds the other end.
 *
 * @throws HandrailError `unauthenticated`
 */
export function checkToken(hello: Hello, token: string | undefined): void {
  if (token === undefined || isSame(hello.token, token)) return;
  throw new HandrailError('unauthenticated', 'The token is wrong', { reason: 'token' });
}

/** @throws HandrailError `incompatible` with both versions. */
export function checkProtocol(hello: Hello, version: string): void {
  if (hello.protocol === protocolVersion) return;
  throw new HandrailError('incompatible', 'Client and agent speak different versions of the protocol', {
    agent: { protocol: protocolVersion, version },
    client: { protocol: hello.protocol, version: hello.version },
  });
}

/** Compares hashes, which are of one length, so that the time taken tells nothing. */
function isSame(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
