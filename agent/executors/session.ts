import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { HandrailError } from '../protocol/errors';
import type { ClientEnvironment } from '../protocol/runs';
import { detachCell } from './detachCell';
import { endedExecution } from './executeProcess';
import type {
  CellSpec,
  DetachedPlace,
  Ending,
  Execution,
  LeftProcess,
  OutputSink,
  Session,
  StartedDetached,
} from './executor';
import { SessionCells, type SessionPlace } from './sessionCells';
import { heldSecrets, readSession, restoredState, savedState, writeSession } from './sessionFile';
import type { SavedSession } from './savedSession';
import { SessionShells } from './sessionShells';
import { initialState, type SessionState } from './sessionState';

/** What a session begins with that is another's branch. */
interface Branch {
  readonly state: SessionState;
  readonly shells: SessionShells;
}

const busyMessage = 'The session is running another cell. Wait until it has ended.';

/** Executes the cells of one session, one at a time, in order, and others beside them. */
export class CellSession implements Session {
  readonly #place: SessionPlace;
  readonly #closed: () => void;
  readonly #isBranch: boolean;
  /** Sessions that began with this one's state. What their cells leave running is this one's. */
  readonly #branches = new Set<CellSession>();
  #branched = 0;
  #environment: ClientEnvironment;
  #state: SessionState;
  #shells: SessionShells;
  #cells: SessionCells;
  #busy: Execution | undefined;

  constructor(place: SessionPlace, environment: ClientEnvironment, closed: () => void, branch?: Branch) {
    this.#place = place;
    this.#environment = environment;
    this.#closed = closed;
    this.#isBranch = branch !== undefined;
    this.#state = branch?.state ?? initialState(environment);
    this.#shells = branch?.shells ?? new SessionShells();
    this.#cells = this.#newCells();
  }

  run(spec: CellSpec, sink: OutputSink): Execution {
    if (this.#busy !== undefined) return endedExecution({ reason: 'error', message: busyMessage });
    this.protect(spec.secrets ?? new Map());
    const started = this.#cells.start(spec, sink);
    const ended = started.ended.catch(brokenEnding).finally(() => (this.#busy = undefined));
    this.#busy = { ...started, ended };
    return this.#busy;
  }

  adopt(environment: ClientEnvironment): void {
    this.#state.adopt(this.#environment, environment);
    this.#environment = environment;
    this.#cells.adopt(environment);
  }

  start(spec: CellSpec, sink: OutputSink): Execution {
    const branch = this.fork();
    const execution = branch.run(spec, sink);
    const ended = execution.ended.then(async ending => {
      await branch.close();
      return ending;
    });
    return { ...execution, ended };
  }

  detach(spec: CellSpec, place: DetachedPlace): Promise<StartedDetached | { readonly error: string }> {
    const secrets = [...(spec.secrets?.keys() ?? []), ...this.#held];
    if (secrets.length > 0) return Promise.resolve({ error: unmasked([...new Set(secrets)]) });
    return detachCell(this.#cells, spec, place);
  }

  fork(): CellSession {
    const { host, id, folder, left } = this.#place;
    const name = `b${++this.#branched}`;
    // Within this one's folder, which so is there while a cell beside it runs.
    const place = { host, id: `${id}.${name}`, folder: join(folder, name), left };
    const start = { state: this.#state.copy(), shells: this.#shells.copy() };
    const closed = (): void => void this.#branches.delete(branch);
    const branch: CellSession = new CellSession(place, this.#environment, closed, start);
    this.#branches.add(branch);
    return branch;
  }

  assign(variables: ReadonlyMap<string, string | undefined>): void {
    this.#state.assign(variables);
  }

  get folder(): string {
    return this.#place.folder;
  }

  get cwd(): string {
    return this.#state.cwd;
  }

  get env(): ReadonlyMap<string, string> {
    return this.#state.revealed;
  }

  protect(secrets: ReadonlyMap<string, string>): void {
    if (!this.#state.secrets.protect(secrets)) return;
    this.#state.hide();
    this.#shells.hide(this.#state);
    for (const branch of this.#branches) branch.protect(secrets);
  }

  get protectedValues(): ReadonlySet<string> {
    return this.#state.secrets.ever;
  }

  get lacking(): ReadonlySet<string> {
    return new Set(this.#held.filter(name => this.#state.secrets.value(name) === undefined));
  }

  /** Names of the secrets that have placeholders in the state. */
  get #held(): string[] {
    return heldSecrets(this.#state, this.#shells);
  }

  save(path: string): void {
    writeSession(path, this.saved());
  }

  /** What {@link save} writes. */
  saved(): SavedSession {
    const used = this.#cells.interpreters.filter(runner => runner.isUsed).map(({ name }) => name);
    return savedState(this.#state, this.#shells, this.#environment, used);
  }

  async restore(path: string): Promise<void> {
    await this.restoreSaved(path, readSession(path));
  }

  /** The same for what was read from the file. */
  async restoreSaved(path: string, saved: SavedSession): Promise<void> {
    if (this.#busy !== undefined) throw new HandrailError('invalidState', busyMessage, { state: 'running' });
    const { state, shells } = restoredState(path, saved, this.#environment, this.#state.secrets);
    const ending = this.#cells;
    this.#state = state;
    this.#shells = shells;
    this.#cells = this.#newCells();
    this.#cells.lost(saved.interpreters, 'the session went back to a state saved before');
    await ending.endInterpreters();
  }

  processes(): Promise<LeftProcess[]> {
    const all = [this.#cells, ...[...this.#branches].map(branch => branch.#cells)];
    const alive = all.flatMap(cells => cells.interpreters.flatMap(runner => runner.pid ?? []));
    const running = all.flatMap(cells => [...cells.running]);
    return Promise.resolve(this.#place.left.list(alive, running));
  }

  async close(): Promise<void> {
    await this.#endAll();
    rmSync(this.#place.folder, { recursive: true, force: true });
    this.#closed();
  }

  #newCells(): SessionCells {
    return new SessionCells(this.#place, this.#environment, this.#state, this.#shells);
  }

  /** What runs beside gets the whole ladder, as a server wants it; what was left behind is killed. */
  async #endAll(): Promise<void> {
    const busy = this.#busy;
    busy?.stop('cancel');
    await Promise.all([...this.#branches].map(branch => branch.close()));
    if (this.#isBranch) {
      await busy?.ended;
      await this.#cells.endInterpreters();
      return;
    }
    await this.#place.left.end();
    if (busy === undefined) return;
    await busy.ended;
    await this.#place.left.end();
  }
}

/** Nobody is there to mask what a process prints that outlives us. */
function unmasked(names: readonly string[]): string {
  return `A detached cell's output goes to a file as it is, so it must not get secrets, and the session holds ${names.join(', ')}. Let it read them itself, or let it end with the run: \`background\`.`;
}

/** What must not happen does not keep the session from going on. */
function brokenEnding(error: unknown): Ending {
  const message = `A bug in Handrail: ${error instanceof Error ? error.message : String(error)}`;
  return { reason: 'error', message };
}
