import type * as z from 'zod';
import type { RequestType } from '../protocol/message';
import type { Agent } from './agent';
import type { Client } from './client';

/**
 * Who may send a request: `any` version that knows the token, every client of our protocol (`all`), or those
 * whose workspace is `trusted`.
 */
export type Access = 'any' | 'all' | 'trusted';

/** A request and what answers it. */
export interface Route {
  readonly method: string;
  readonly access: Access;
  readonly params: z.ZodType;
  /** `params` have passed the schema; `signal`: the client wants no answer any more, or has gone. */
  answer(params: unknown, agent: Agent, client: Client, signal: AbortSignal): unknown;
}

/** Ties a request to its handler, with the types of both checked against each other. */
export function route<P extends z.ZodType, R extends z.ZodType>(
  type: RequestType<P, R>,
  access: Access,
  handle: (
    params: z.output<P>,
    agent: Agent,
    client: Client,
    signal: AbortSignal,
  ) => NoInfer<z.input<R>> | Promise<NoInfer<z.input<R>>>,
): Route {
  return {
    method: type.method,
    access,
    params: type.params,
    answer: (params, agent, client, signal) => handle(params as z.output<P>, agent, client, signal),
  };
}
