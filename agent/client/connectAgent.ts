import { setTimeout as delay } from 'node:timers/promises';
import type { Folders } from '../folders';
import { HandrailError } from '../protocol/errors';
import { type Rendezvous, rendezvous } from '../rendezvous';
import { productVersion } from '../version';
import type { AgentConnection } from './connection';
import { dial } from './dial';
import { type ClientName, greet } from './greet';
import { type AgentCommand, startAgent, type StartedAgent } from './startAgent';

export interface ConnectOptions {
  readonly folders: Folders;
  readonly client: ClientName;
  /** Whether the workspace is trusted. */
  readonly trusted: boolean;
  /** How to start an agent if there is none. Absent: only one that is there will do. */
  readonly start?: AgentCommand;
  /** Milliseconds for everything (10,000). */
  readonly deadline?: number;
  readonly signal?: AbortSignal;
}

/**
 * Connects to the agent of this version, and starts one if need be.
 *
 * @throws HandrailError `unavailable` (reason `none`: there is none and none is to be started; `start`: it ends at
 * once; `deadline`; `folder`; `another-user`), `incompatible`
 */
export async function connectAgent(options: ConnectOptions): Promise<AgentConnection> {
  const { folders, start, deadline = 10_000 } = options;
  const place = rendezvous(folders, productVersion);
  const timeUp = AbortSignal.timeout(deadline);
  const signal = options.signal ? AbortSignal.any([timeUp, options.signal]) : timeUp;
  let started: StartedAgent | undefined;
  try {
    for (let attempt = 0; ; attempt++) {
      const connection = await tryToConnect(place, options, signal);
      if (connection !== undefined) return connection;
      if (start === undefined) throw none(place);
      const failure = started?.failure();
      if (failure !== undefined) throw failure;
      // One that ended well found another agent that was there first, but is leaving perhaps.
      if (started?.isRunning !== true) started = startAgent(start, folders);
      await delay(pause(attempt), undefined, { signal });
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    throw timeUp.aborted ? late(place, deadline, error) : error;
  }
}

/** Undefined: not yet, or not any more. */
async function tryToConnect(
  place: Rendezvous,
  { client, trusted }: ConnectOptions,
  signal: AbortSignal,
): Promise<AgentConnection | undefined> {
  const dialled = await dial(place, signal);
  if (dialled === undefined) return undefined;
  try {
    return await greet(dialled.wire, { client, trusted, token: dialled.token }, signal);
  } catch (error) {
    // An agent that just came has another token than the one we read; one that is leaving hangs up.
    if (error instanceof HandrailError && ['unauthenticated', 'unavailable'].includes(error.code))
      return undefined;
    throw error;
  }
}

/** Milliseconds: short at first, since an agent is there in a tenth of a second; with jitter, so that windows part. */
function pause(attempt: number): number {
  return Math.min(5 * 1.3 ** attempt, 250) * (0.75 + Math.random() / 2);
}

function none({ socket }: Rendezvous): HandrailError {
  return new HandrailError('unavailable', 'No agent is running', { reason: 'none', socket });
}

function late({ socket }: Rendezvous, deadline: number, cause: unknown): HandrailError {
  const message = `No agent answered at ${socket} within ${deadline / 1000} s`;
  return new HandrailError('unavailable', message, { reason: 'deadline', socket }, { cause });
}
