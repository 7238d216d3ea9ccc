import type Docker from 'dockerode';
import type { ActionOutcome, EngineAction } from '../../protocol/containerActions';
import type { EngineConnection } from '../engine/connection';
import { EngineUnusable } from '../engine/trouble';
import { cut } from '../../text/cut';
import { removeImage } from './removeImage';
import type { ActionAudit } from '../../store/audit/actionAudit';

/** Things that something is done to at the same time. */
const mostAtOnce = 8;

/** Does an action to each of the things and tells how it went, in their order. `nameOf`: their names for a person. */
export async function act(
  connection: EngineConnection,
  { action, ids, nameOf }: { action: EngineAction; ids: readonly string[]; nameOf: (id: string) => string },
  audit: ActionAudit,
): Promise<ActionOutcome[]> {
  const outcomes: ActionOutcome[] = [];
  const left = ids.entries();
  const work = async (): Promise<void> => {
    for (const [index, id] of left) {
      const name = nameOf(id);
      const details = { id, ...detailsOf(action) };
      outcomes[index] = await audit.around(
        `container.${action.do}`,
        name,
        details,
        () => actOn(connection, action, id, name),
        ({ outcome, message }) => ({ outcome, ...(message !== undefined && { message }) }),
      );
    }
  };
  await Promise.all(Array.from({ length: mostAtOnce }, work));
  return outcomes;
}

function detailsOf(action: EngineAction): Record<string, string | number | boolean> {
  const details = Object.entries(action).filter(([key, value]) => key !== 'do' && value !== undefined);
  return Object.fromEntries(details);
}

async function actOn(
  connection: EngineConnection,
  action: EngineAction,
  id: string,
  name: string,
): Promise<ActionOutcome> {
  try {
    await connection.use(docker => doTo(docker, action, id));
    return { id, name, outcome: 'done' };
  } catch (error) {
    if (error instanceof EngineUnusable) {
      const { message, hint } = error.trouble;
      return { id, name, outcome: 'failed', message, ...(hint !== undefined && { hint }) };
    }
    const { status, said } = engineSays(error);
    if (status === 304 || isSoAlready.test(said)) return { id, name, outcome: 'unchanged' };
    return { id, name, outcome: 'failed', ...words(action, status, said) };
  }
}

/** Pausing has no 304. */
const isSoAlready = /is already paused|is not paused/i;

function doTo(docker: Docker, action: EngineAction, id: string): Promise<unknown> {
  const container = docker.getContainer(id);
  switch (action.do) {
    case 'start':
      return container.start();
    case 'stop':
      return container.stop(action.seconds === undefined ? {} : { t: action.seconds });
    case 'restart':
      return container.restart(action.seconds === undefined ? {} : { t: action.seconds });
    case 'pause':
      return container.pause();
    case 'unpause':
      return container.unpause();
    case 'kill':
      return container.kill({ signal: action.signal });
    case 'rename':
      return container.rename({ name: action.name });
    case 'remove':
      return container.remove({ force: action.force, v: action.volumes });
    case 'removeImage':
      return removeImage(docker, id, action.force);
    case 'removeVolume':
      return docker.getVolume(id).remove({ force: action.force });
    case 'removeNetwork':
      return docker.getNetwork(id).remove();
    case 'tagImage':
      return docker.getImage(id).tag(splitTag(action.tag));
  }
}

/** `host:5000/name:tag` as the API wants it. */
export function splitTag(reference: string): { repo: string; tag: string } {
  const [, repo = reference, tag = 'latest'] = /^(.*?)(?::([^/:]+))?$/s.exec(reference) ?? [];
  return { repo, tag };
}

/** An engine's answer that is an error. */
export function engineSays(error: unknown): { status: number; said: string } {
  const { statusCode, json, message } = error as {
    statusCode?: number;
    json?: { message?: unknown } | null;
    message?: string;
  };
  if (statusCode === undefined) throw error;
  const said = typeof json?.message === 'string' ? json.message : withoutStatus(message ?? '');
  return { status: statusCode, said: plainly(said) };
}

/** As a person reads it: ids as short as everywhere else, and no full stop, since more may follow. */
export function plainly(said: string): string {
  const short = said.replace(/\b[\da-f]{64}\b/g, id => id.slice(0, 12));
  return cut(short.trim().replace(/\.+$/, ''), 500);
}

/** Without what the client puts before an answer that it could not read: `(HTTP code 500) server error - `. */
export function withoutStatus(message: string): string {
  return message.replace(/^\(HTTP code \d+\) [^-]* - /, '');
}

function words(action: EngineAction, status: number, said: string): { message: string; hint?: string } {
  if (status === 404) return { message: `It is not there any more: ${said}` };
  const hint = status === 409 ? hints[action.do] : undefined;
  return { message: said, ...(hint !== undefined && { hint }) };
}

const hints: Partial<Record<EngineAction['do'], string>> = {
  remove: 'Stop it first, or remove it with force.',
  kill: 'Only a container that runs takes a signal.',
  pause: 'Only a container that runs can be paused.',
  rename: 'Choose a name that no other container has.',
  removeImage: 'Remove the containers made of it first, or remove it with force.',
  removeVolume: 'Remove the containers that use it first.',
  removeNetwork: 'Disconnect or remove the containers in it first.',
};
