import { setTimeout as delay } from 'node:timers/promises';
import { HandrailError } from '../protocol/errors';
import { shutdown } from '../protocol/handshake';
import { startTimeOf } from '../processTable';
import type { AgentConnection } from './connection';

/** How long an agent may take, in milliseconds. */
export interface EndPatience {
  /** To answer that it leaves (5,000). */
  readonly answer?: number;
  /** To be gone after that (25,000): it ends its runs first, and no longer than 20 s. */
  readonly leave?: number;
}

/**
 * Ends the agent of a connection, whatever it is at: asks it to leave, and kills it where it does not answer or
 * does not go.
 */
export async function endAgent(
  connection: AgentConnection,
  { answer = 5000, leave = 25_000 }: EndPatience = {},
): Promise<'left' | 'killed'> {
  const { pid } = connection.agent;
  // While the connection stands the process of that number is the agent; later it could be anybody.
  const startTime = startTimeOf(pid);
  try {
    await connection.request(shutdown, { force: true }, AbortSignal.timeout(answer));
  } catch (error) {
    // It may hang up before its answer has left.
    if (!isNoAnswer(error)) throw error;
    leave = 0;
  }
  if (await settles(connection.closed, leave)) return 'left';
  if (startTimeOf(pid) === startTime) kill(pid);
  await settles(connection.closed, 5000);
  return 'killed';
}

function isNoAnswer(error: unknown): boolean {
  if (error instanceof HandrailError) return error.code === 'unavailable';
  return error instanceof DOMException && error.name === 'TimeoutError';
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function settles(promise: Promise<unknown>, within: number): Promise<boolean> {
  const done = new AbortController();
  const late = delay(within, false, { signal: done.signal }).catch(() => false);
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    done.abort();
  }
}
