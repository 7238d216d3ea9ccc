import * as z from 'zod';
import { notification, request } from './message';

/** Raised whenever a message changes its meaning. Both sides must have the same. */
export const protocolVersion = 1;

/** The first message of every connection; anything else before it closes the connection. */
export const initialize = request(
  'initialize',
  z.object({
    protocol: z.number().int(),
    version: z.string(),
    /** Content of the token file; proves that the client can read this user's files. Not needed on stdio. */
    token: z.string(),
    client: z.object({ id: z.string(), kind: z.enum(['editor', 'cli', 'test']), pid: z.number().int() }),
    /** Whether the client's workspace is trusted. Without trust nothing that has an effect is done for it. */
    trusted: z.boolean(),
    capabilities: z.array(z.string()).default([]),
  }),
  z.object({
    protocol: z.number().int(),
    version: z.string(),
    pid: z.number().int(),
    capabilities: z.array(z.string()),
  }),
);

/** The person trusted the workspace while connected. */
export const grantTrust = notification('trust/grant', 'client', z.object({}));

/** What the agent is at. */
export const agentStatus = request(
  'agent/status',
  z.object({}),
  z.object({
    pid: z.number().int(),
    version: z.string(),
    socket: z.string(),
    /** ISO 8601. */
    startedAt: z.string(),
    clients: z.number().int(),
    runs: z.number().int(),
    sessions: z.number().int(),
    /** Bytes. */
    resident: z.number().int(),
  }),
);

/** Asks the agent to leave. Refused with `busy` while something is going on, unless forced. */
export const shutdown = request(
  'agent/shutdown',
  z.object({ force: z.boolean().default(false) }),
  z.object({}),
);
