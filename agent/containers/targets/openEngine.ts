import type Docker from 'dockerode';
import { plainly, withoutStatus } from '../actions/act';
import { HandrailError } from '../../protocol/errors';

/** An engine that answers. */
export interface OpenEngine {
  readonly docker: Docker;
  /** Whether it is on this machine, so that it can mount folders of it. */
  readonly isLocal: boolean;
  /** Who we are there, as `UID:GID`; undefined where users have no numbers. */
  readonly self: string | undefined;
  /** An error of the way to the engine, worded; whatever else as it is. */
  readonly worded: (error: unknown) => Error;
}

/** Words for a person what an engine, or the way to it, says of something. */
export function wordEngine(engine: Pick<OpenEngine, 'worded'>, what: string, error: unknown): string {
  const known = engine.worded(error);
  if (known instanceof HandrailError) return `${what}: ${wordUnusable(known)}`;
  const { message, json } = known as Error & { json?: { message?: string } };
  const said = json?.message ?? withoutStatus(message);
  return `${what}: ${plainly(said)}`;
}

/** What is wrong with the way to an engine, and what to do. */
export function wordUnusable({ message, details }: HandrailError): string {
  const { hint } = details;
  return typeof hint === 'string' ? `${message}. ${hint}` : message;
}

/** The engine's answer, where it gave one. */
export function statusOf(error: unknown): number | undefined {
  const { statusCode } = error as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : undefined;
}
