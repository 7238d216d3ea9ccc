import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { HandrailError } from '../protocol/errors';
import type { ClientEnvironment } from '../protocol/runs';
import type { HiddenSecrets } from './hiddenSecrets';
import { SavedSession, wordProblem } from './savedSession';
import { SessionShells } from './sessionShells';
import { changesBetween, initialState, type SessionState } from './sessionState';

const version = 1;

/** What is to be written of a session: what its cells have changed, not what the client has. */
export function savedState(
  state: SessionState,
  shells: SessionShells,
  environment: ClientEnvironment,
  interpreters: readonly string[],
): SavedSession {
  const { secrets, umask, cwd, hiddenCwd, env } = state;
  const client = initialState(environment, secrets).env;
  const changes = [...changesBetween(client, env)].map(([name, value]) => [name, value ?? null]);
  return {
    number: secrets.number,
    ...(cwd === environment.cwd ? {} : { cwd: hiddenCwd }),
    ...(umask === environment.umask ? {} : { umask }),
    env: Object.fromEntries(changes) as SavedSession['env'],
    shells: shells.save(client),
    interpreters: [...interpreters],
  };
}

/** The state that was saved: what cells had changed, and for the rest what this client has. */
export function restoredState(
  path: string,
  saved: SavedSession,
  environment: ClientEnvironment,
  secrets: HiddenSecrets,
): { state: SessionState; shells: SessionShells } {
  const known = secrets.copy();
  known.number = saved.number;
  const state = initialState({ ...environment, umask: saved.umask ?? environment.umask }, known);
  if (saved.cwd !== undefined) state.cwd = saved.cwd;
  state.assign(new Map(Object.entries(saved.env).map(([name, value]) => [name, value ?? undefined])));
  try {
    return { state, shells: SessionShells.load(saved.shells) };
  } catch (error) {
    if (error instanceof TypeError) throw unusable(path, 'damaged', error.message, error);
    throw error;
  }
}

/** Names of the secrets that have placeholders in a state. */
export function heldSecrets({ secrets, hiddenCwd, env }: SessionState, shells: SessionShells): string[] {
  const texts = [hiddenCwd, ...env.values(), JSON.stringify(shells.save(new Map()))];
  return texts.flatMap(text => secrets.namesIn(text));
}

/** Writes a state into a file that only its owner can read; whole, or not at all. */
export function writeSession(path: string, saved: SavedSession): void {
  const body = Buffer.from(JSON.stringify(saved));
  const head = `handrail-session ${version} ${sumOf(body)}\n`;
  const fresh = `${path}.new`;
  // Not one write: a disk that is nearly full takes only a part of it, and says nothing.
  writeFileSync(fresh, Buffer.concat([Buffer.from(head), body]), { mode: 0o600 });
  renameSync(fresh, path);
}

/** Reads it back. Throws HandrailError `invalidState` with details: path and reason. */
export function readSession(path: string): SavedSession {
  const file = readBytes(path);
  const end = file.indexOf(10);
  const [name, written, sum] = file.subarray(0, Math.max(end, 0)).toString('latin1').split(' ');
  if (name !== 'handrail-session') throw unusable(path, 'damaged', 'it does not begin as one');
  if (Number(written) > version) throw newer(path);
  const body = file.subarray(end + 1);
  if (sumOf(body) !== sum) throw unusable(path, 'damaged', 'a part of it is missing or changed');
  const parsed = SavedSession.safeParse(JSON.parse(body.toString()));
  if (!parsed.success) throw unusable(path, 'damaged', wordProblem(parsed.error), parsed.error);
  return parsed.data;
}

/** Enough to notice damage. */
function sumOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 16);
}

function unusable(path: string, reason: string, why: string, cause?: unknown): HandrailError {
  const message = `The saved state of the session cannot be used: ${path}: ${why}. Run the cells before this one again.`;
  return new HandrailError('invalidState', message, { path, reason }, { cause });
}

function newer(path: string): HandrailError {
  const message = `The saved state of the session is of a newer Handrail: ${path}. Update this one, or run the cells before this one again.`;
  return new HandrailError('invalidState', message, { path, reason: 'newer' });
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw unusable(path, 'missing', why, error);
  }
}
