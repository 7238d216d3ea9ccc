import { initialize, protocolVersion } from '../protocol/handshake';
import type { ResultOf } from '../protocol/message';
import { productVersion } from '../version';
import type { Wire } from '../transport/wire';
import { type AgentConnection, Link } from './connection';

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
export async function greet(wire: Wire, hello: Hello, signal?: AbortSignal): Promise<AgentConnection> {
  const link = new Link(wire);
  try {
    return connectionOf(link, await sayHello(link, hello, signal));
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
