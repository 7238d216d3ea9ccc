import { dirname } from 'node:path';
import type { ClientEnvironment } from '../protocol/runs';
import type { OpenTarget, TargetUse } from './container/access';
import { ContainerHold } from './container/containerHold';
import { ContainerSession } from './container/containerSession';
import type {
  CellSpec,
  DetachedPlace,
  Execution,
  LeftProcess,
  OutputSink,
  Session,
  StartedDetached,
} from './executor';
import type { Host } from './host';
import type { CellSession } from './session';
import { readSession, writeSession } from './sessionFile';

/** What cells on targets need beside the session of this machine. */
export interface Targets {
  readonly open: OpenTarget;
  readonly host: Host;
  /** Unique to the session; a word that can be part of a file's name. */
  readonly id: string;
}

/** A session whose cells run on this machine or on the target that they name, each with a state of its own. */
export class TargetedSession implements Session {
  readonly #local: CellSession;
  readonly #targets: Targets;
  /** The containers are the first session's; its branches share them. */
  readonly #holds: Map<string, ContainerHold>;
  readonly #isBranch: boolean;
  /** How many containers it has had: their ids are unique, and the first session's, too. */
  readonly #opened: { count: number };
  readonly #sessions = new Map<string, ContainerSession>();
  /** For targets that are not open yet: what they have missed. */
  readonly #assigned: Map<string, string | undefined>;
  readonly #secrets: Map<string, string>;
  #environment: ClientEnvironment;

  constructor(
    local: CellSession,
    targets: Targets,
    environment: ClientEnvironment,
    parent?: TargetedSession,
  ) {
    this.#local = local;
    this.#targets = targets;
    this.#environment = environment;
    this.#isBranch = parent !== undefined;
    this.#holds = parent === undefined ? new Map<string, ContainerHold>() : parent.#holds;
    this.#assigned = new Map(parent === undefined ? [] : parent.#assigned);
    this.#secrets = new Map(parent === undefined ? [] : parent.#secrets);
    this.#opened = parent === undefined ? { count: 0 } : parent.#opened;
    if (parent === undefined) return;
    for (const [key, session] of parent.#sessions) this.#sessions.set(key, session.fork());
  }

  run(spec: CellSpec, sink: OutputSink): Execution {
    const target = this.#on(spec);
    if (target === undefined) return this.#local.run(spec, sink);
    this.protect(spec.secrets ?? new Map());
    return target.run(spec, sink);
  }

  start(spec: CellSpec, sink: OutputSink): Execution {
    return (this.#on(spec) ?? this.#local).start(spec, sink);
  }

  detach(spec: CellSpec, place: DetachedPlace): Promise<StartedDetached | { readonly error: string }> {
    if (spec.target === undefined) return this.#local.detach(spec, place);
    const error = `background=detach is for this machine. What shall go on in ${spec.target} can be the container's own command, or begin with nohup.`;
    return Promise.resolve({ error });
  }

  adopt(environment: ClientEnvironment): void {
    this.#environment = environment;
    this.#local.adopt(environment);
  }

  fork(): Session {
    return new TargetedSession(this.#local.fork(), this.#targets, this.#environment, this);
  }

  assign(variables: ReadonlyMap<string, string | undefined>): void {
    this.#local.assign(variables);
    for (const [name, value] of variables) this.#assigned.set(name, value);
    for (const session of this.#sessions.values()) session.assign(variables);
  }

  protect(secrets: ReadonlyMap<string, string>): void {
    this.#local.protect(secrets);
    for (const [name, value] of secrets) this.#secrets.set(name, value);
    for (const session of this.#sessions.values()) session.protect(secrets);
  }

  get protectedValues(): ReadonlySet<string> {
    return this.#local.protectedValues;
  }

  get lacking(): ReadonlySet<string> {
    return new Set([
      ...this.#local.lacking,
      ...[...this.#sessions.values()].flatMap(session => session.lacking),
    ]);
  }

  get folder(): string {
    return this.#local.folder;
  }

  get cwd(): string {
    return this.#local.cwd;
  }

  get env(): ReadonlyMap<string, string> {
    return this.#local.env;
  }

  save(path: string): void {
    const targets = [...this.#sessions].flatMap(([key, session]) => {
      const saved = freshOf(key) === '' ? session.saved() : undefined;
      return saved === undefined ? [] : [[key, saved] as const];
    });
    writeSession(path, {
      ...this.#local.saved(),
      ...(targets.length > 0 && { targets: Object.fromEntries(targets) }),
    });
  }

  async restore(path: string): Promise<void> {
    const saved = readSession(path);
    await this.#local.restoreSaved(path, saved);
    this.#assigned.clear();
    for (const session of this.#sessions.values()) session.restoreSaved(undefined);
    for (const [key, place] of Object.entries(saved.targets ?? {})) {
      const { target, user } = placeOf(key);
      this.#session(target, { user }).restoreSaved(place);
    }
  }

  async release(fresh: string): Promise<void> {
    const keys = [...this.#holds.keys()].filter(key => freshOf(key) === fresh);
    const holds = keys.flatMap(key => this.#holds.get(key) ?? []);
    for (const key of keys) {
      this.#sessions.delete(key);
      this.#holds.delete(key);
    }
    await Promise.all(holds.map(hold => hold.close()));
  }

  async processes(): Promise<LeftProcess[]> {
    const far = [...this.#holds].map(async ([key, hold]) =>
      (await hold.processes().catch(() => [])).map(({ pid, command }) => ({
        pid,
        command: `${command} (${placeOf(key).target})`,
      })),
    );
    return [...(await this.#local.processes()), ...(await Promise.all(far)).flat()];
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map(session => session.end()));
    if (!this.#isBranch) await Promise.allSettled([...this.#holds.values()].map(hold => hold.close()));
    await this.#local.close();
  }

  #on({ target, file, fresh, user }: CellSpec): ContainerSession | undefined {
    return target === undefined ? undefined : this.#session(target, { file, fresh, user });
  }

  #session(target: string, { file, fresh, user }: Wanted): ContainerSession {
    const key = keyOf(target, fresh, user);
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const { host } = this.#targets;
    const folder = file === undefined ? this.#environment.cwd : dirname(file);
    const hold = this.#hold(key, { target, user, folder, runbook: file });
    const session = new ContainerSession(hold, host);
    session.assign(this.#assigned);
    session.protect(this.#secrets);
    this.#sessions.set(key, session);
    return session;
  }

  #hold(key: string, use: Pick<TargetUse, 'target' | 'user' | 'folder' | 'runbook'>): ContainerHold {
    const known = this.#holds.get(key);
    if (known !== undefined) return known;
    const { open, id } = this.#targets;
    const hold = new ContainerHold(
      (say, signal) => open({ ...use, env: this.#environment.env, cwd: this.#environment.cwd, say, signal }),
      `${id}-t${++this.#opened.count}`,
      access => access.isMeant?.(this.#environment) ?? true,
    );
    this.#holds.set(key, hold);
    return hold;
  }
}

/** What of a target is wanted beyond its name. */
interface Wanted {
  /** The runbook. */
  readonly file?: string;
  readonly fresh?: string | undefined;
  readonly user?: string | undefined;
}

/** Cells share what they have in common with this: the target, as whom, and whose own it is. None of them has a line end. */
function keyOf(target: string, fresh = '', user = ''): string {
  return [target, user, fresh].join('\n').replace(/\n+$/, '');
}

function placeOf(key: string): { target: string; user: string | undefined } {
  const [target = '', user = ''] = key.split('\n');
  return { target, user: user === '' ? undefined : user };
}

function freshOf(key: string): string {
  return key.split('\n')[2] ?? '';
}
