import type { newCommands, probeCheck, readChecks, watchChecks } from '../protocol/health';
import type { ParamsOf, ResultOf } from '../protocol/message';
import type { Agent } from './agent';
import type { Client } from './client';

/** Answers {@link watchChecks}. */
export async function watchHealth(
  params: ParamsOf<typeof watchChecks>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof watchChecks>> {
  const held = await client.health.watch(params);
  agent.log.info('Checks watched', { files: params.files.length, checks: held.checks.length, by: client.id });
  return held;
}

/** Answers {@link readChecks}. */
export function readHealth(
  { files }: ParamsOf<typeof readChecks>,
  _agent: Agent,
  client: Client,
): Promise<ResultOf<typeof readChecks>> {
  return client.health.read(files);
}

/** Answers {@link newCommands}. */
export function tellNewCommands(
  params: ParamsOf<typeof newCommands>,
  _agent: Agent,
  client: Client,
): Promise<ResultOf<typeof newCommands>> {
  return client.health.newCommands(params);
}

/** Answers {@link probeCheck}. */
export async function probeNow(
  { check }: ParamsOf<typeof probeCheck>,
  _agent: Agent,
  client: Client,
): Promise<ResultOf<typeof probeCheck>> {
  await client.health.probe(check);
  return {};
}
