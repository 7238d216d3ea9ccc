import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { connectAgent } from '../client/connectAgent';
import type { AgentConnection } from '../client/connection';
import type { Call } from './call';

/** Connects to the agent, and starts one if there is none, unless `start` is false. */
export function connect(
  call: Call,
  { start = true, signal }: { start?: boolean; signal?: AbortSignal },
): Promise<AgentConnection> {
  return connectAgent({
    folders: call.folders(),
    client: { id: randomUUID(), kind: 'cli' },
    // Who types a command in a terminal means it.
    trusted: true,
    ...(start ? { start: { command: process.execPath, args: [join(__dirname, 'agent.js')] } } : {}),
    ...(signal === undefined ? {} : { signal }),
  });
}
