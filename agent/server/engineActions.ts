import type * as z from 'zod';
import type { Engine } from '../containers/engine/engine';
import type { ActionAudit } from '../store/audit/actionAudit';
import type {
  actionCommand,
  actOn,
  composeDo,
  execIn,
  previewPrune,
  prune,
  pullImage,
  runImage,
} from '../protocol/containerActions';
import type { ResultOf } from '../protocol/message';
import type { Agent } from './agent';
import type { Client } from './client';

type Asked<M extends { params: z.ZodType }> = z.output<M['params']>;

/** Answers {@link actOn}. */
export async function actOnEach(
  { endpoint, action, ids, by }: Asked<typeof actOn>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof actOn>> {
  const { engine, audit } = await audited(endpoint, by, agent, client);
  agent.log.info('Engine acted on', { endpoint, action: action.do, things: ids.length, by: client.id });
  return { outcomes: await engine.act(action, ids, audit) };
}

/** Answers {@link actionCommand}. */
export async function tellCommands(
  { endpoint, action, ids }: Asked<typeof actionCommand>,
  _agent: Agent,
  client: Client,
): Promise<ResultOf<typeof actionCommand>> {
  return { commands: (await client.engines.engine(endpoint)).commands(action, ids) };
}

/** Answers {@link previewPrune}. */
export async function tellPrunable(
  { endpoint, kind }: Asked<typeof previewPrune>,
  _agent: Agent,
  client: Client,
): Promise<ResultOf<typeof previewPrune>> {
  return (await client.engines.engine(endpoint)).previewPrune(kind);
}

/** Answers {@link prune}. */
export async function pruneKind(
  { endpoint, kind, by }: Asked<typeof prune>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof prune>> {
  const { engine, audit } = await audited(endpoint, by, agent, client);
  return engine.prune(kind, audit);
}

/** Answers {@link pullImage}. */
export async function pullToEngine(
  { endpoint, reference, by }: Asked<typeof pullImage>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof pullImage>> {
  const { engine, audit } = await audited(endpoint, by, agent, client);
  const { stream } = await client.streams.open(async sink => ({
    source: await engine.pull(reference, client.engines.environment, sink, audit),
  }));
  return { stream };
}

/** Answers {@link runImage}. */
export async function runOnEngine(
  { endpoint, by, ...wanted }: Asked<typeof runImage>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof runImage>> {
  const { engine, audit } = await audited(endpoint, by, agent, client);
  return { id: await engine.run(wanted, audit) };
}

/** Answers {@link execIn}. */
export async function startIn(
  { endpoint, by, ...wanted }: Asked<typeof execIn>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof execIn>> {
  const { engine, audit } = await audited(endpoint, by, agent, client);
  const { stream, begun } = await client.streams.open(sink => engine.exec(wanted, sink, audit));
  return { stream, command: begun.command };
}

/** Answers {@link composeDo}. */
export async function runCompose(
  { endpoint, by, ...wanted }: Asked<typeof composeDo>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof composeDo>> {
  const { engine, audit } = await audited(endpoint, by, agent, client);
  const { stream, begun } = await client.streams.open(sink => engine.compose(wanted, sink, audit));
  return { stream, command: begun.command };
}

/** The engine, and the audit log that what is done to it goes into. Throws HandrailError `store` where there is none. */
export async function audited(
  endpoint: string,
  by: string,
  agent: Agent,
  client: Client,
): Promise<{ engine: Engine; audit: ActionAudit }> {
  const engine = await client.engines.engine(endpoint);
  const { audit: log } = agent.engine().store;
  const report = (error: unknown): void => agent.log.error('An action could not be logged', error);
  return { engine, audit: engine.audit(log, `${by} via ${client.kind}`, report) };
}
