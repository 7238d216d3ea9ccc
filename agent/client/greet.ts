import { HandrailError } from '../protocol/errors';
import { initialize, protocolVersion } from '../protocol/handshake';
import type { ResultOf } from '../protocol/message';
import { productVersion } from '../version';
import type { AgentConnection, ClientWire } from './connection';
import { Link } from './connection';

/** Who connects. `id` tells clients apart in the agent's log. */
export interface ClientName {
  readonly id: string;
  readonly kind: 'editor' | 'cli' | 'test';
}

/** What a client says at the handshake; `token` is empty on stdio. */
export interface Hello {
  readonly client: ClientName;
  readonly trusted: boolean;
  readonly token: string;
}

/**
 * Does the handshake on a wire. The wire is let go of where that fails.
 *
 * @throws HandrailError `unauthenticated`, `incompatible`, `unavailable`
 */
export async function greet(wire: ClientWire, hello: Hello, signal?: AbortSignal): Promise<AgentConnection> {
  const link = new Link(wire);
  try {
    const answer = initialize.result.safeParse(await sayHello(link, hello, signal));
    if (!answer.success) throw noAgent(answer.error);
    return connectionOf(link, answer.data);
  } catch (error) {
    link.dispose();
    throw error;
  }
}

/** Only says hello: what may be asked after `incompatible` goes over the same link. */
export function sayHello(
  link: Link,
  { client, trusted, token }: Hello,
  signal?: AbortSignal,
): Promise<ResultOf<typeof initialize>> {
  const who = { ...client, pid: process.pid };
  const params = { protocol: protocolVersion, version: productVersion, token, client: who, trusted };
  return link.request(initialize, params, signal);
}

function noAgent(cause: Error): HandrailError {
  const details = { reason: 'handshake' };
  return new HandrailError('incompatible', 'What answers the handshake is no agent', details, { cause });
}

function connectionOf(link: Link, { pid, version }: ResultOf<typeof initialize>): AgentConnection {
  return {
    request: (type, params, signal) => link.request(type, params, signal),
    notify: (type, params) => link.notify(type, params),
    on: (type, handler) => link.on(type, handler),
    agent: { pid, version },
    closed: link.closed,
    dispose: () => link.dispose(),
  };
}
