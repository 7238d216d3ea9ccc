import * as z from 'zod';
import { request } from './message';
import { AbsolutePath } from './system';

/** Forgets the state of a runbook's session and ends what it left running. */
export const resetSession = request('sessions/reset', z.object({ file: AbsolutePath }), z.object({}));

export const listSessions = request(
  'sessions/list',
  z.object({}),
  z.object({
    sessions: z.array(
      z.object({
        file: z.string(),
        startedAt: z.number(),
        usedAt: z.number(),
        /** Processes that cells left behind with `&`. */
        processes: z.array(z.object({ pid: z.number().int(), command: z.string() })),
      }),
    ),
  }),
);
