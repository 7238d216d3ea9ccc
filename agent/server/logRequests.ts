import type * as z from 'zod';
import { saveLog as write } from '../logs/saveLog';
import type { ResultOf } from '../protocol/message';
import type { closeLog, openLog, saveLog } from '../protocol/logs';
import type { Agent } from './agent';
import type { Client } from './client';

type Asked<M extends { params: z.ZodType }> = z.output<M['params']>;

/** Answers {@link openLog}. */
export async function followLog(
  { endpoint, of, range }: Asked<typeof openLog>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof openLog>> {
  const engine = await client.engines.engine(endpoint);
  const opened = await client.logs.open(() => engine.log(of, range));
  agent.log.info('Log opened', { endpoint, sources: opened.sources.length, by: client.id });
  return opened;
}

/** Answers {@link closeLog}. */
export function endLog(
  { log }: Asked<typeof closeLog>,
  _agent: Agent,
  client: Client,
): ResultOf<typeof closeLog> {
  client.logs.close(log);
  return {};
}

/** Answers {@link saveLog}. */
export async function saveToFile(
  { endpoint, of, range, path, timestamps }: Asked<typeof saveLog>,
  _agent: Agent,
  client: Client,
): Promise<ResultOf<typeof saveLog>> {
  const engine = await client.engines.engine(endpoint);
  const log = await engine.log(of, { ...range, follow: false });
  return client.logs.during(log, () => write(log, { path, timestamps }));
}
