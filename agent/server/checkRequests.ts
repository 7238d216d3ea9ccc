import type { checkHistory, muteCheck } from '../protocol/checkHistory';
import { HandrailError } from '../protocol/errors';
import type { ParamsOf, ResultOf } from '../protocol/message';
import type { Agent } from './agent';
import type { Client } from './client';

const day = 24 * 60 * 60_000;
const mostMuted = 30 * day;
const longestSpan = 3 * 366 * day;
const usualPoints = 200;

/** Answers {@link checkHistory}. */
export async function tellHistoryOfCheck(
  { check, from, to, points = usualPoints }: ParamsOf<typeof checkHistory>,
  agent: Agent,
): Promise<ResultOf<typeof checkHistory>> {
  const end = to ?? Date.now();
  const begin = Math.max(from ?? end - day, end - longestSpan);
  if (!(begin < end))
    throw new HandrailError('invalidState', 'The span of time ends before it begins', { from, to });
  const { recorder } = await agent.health();
  return recorder.history(check, { from: begin, to: end, points });
}

/** Answers {@link muteCheck}: what cannot be noted in the audit log is not done. */
export async function muteUntil(
  { check, until, by }: ParamsOf<typeof muteCheck>,
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof muteCheck>> {
  const now = Date.now();
  if (until !== undefined && (until <= now || until > now + mostMuted)) {
    throw new HandrailError('invalidState', 'A check is muted for 30 days at most, from now on', { until });
  }
  const { watches } = await agent.health();
  if (!watches.has(check)) throw new HandrailError('notFound', 'There is no such check any more', { check });
  agent.engine().store.audit.append({
    action: until === undefined ? 'check.unmuted' : 'check.muted',
    actor: `${by} via ${client.kind}`,
    subject: check,
    details: until === undefined ? {} : { until: new Date(until).toISOString() },
  });
  watches.mute(check, until === undefined ? undefined : { until, by });
  return {};
}
