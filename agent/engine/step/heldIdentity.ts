import type { Session } from '../../executors/executor';
import { changedIdentity } from '../../identity/changedIdentity';
import type { RunSetting } from '../run/runSetting';

/** Which identity that the run is held to has changed since it was planned, in words; nothing if none has. */
export function identityTrouble(
  session: Session,
  { held: { facts }, readIdentity }: Pick<RunSetting, 'held' | 'readIdentity'>,
): string | undefined {
  const held = facts.filter(fact => fact.held);
  if (held.length === 0) return undefined;
  const kinds = held.map(({ kind }) => kind);
  const change = changedIdentity(held, readIdentity(Object.fromEntries(session.env), session.cwd, kinds));
  if (change === undefined) return undefined;
  const { kind, before, now } = change;
  return `It would act elsewhere than planned: ${kind} was ${before} and is ${now}. It was not started: change back, or start a new run.`;
}
