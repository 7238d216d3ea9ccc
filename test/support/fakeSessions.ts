import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  CellSpec,
  DetachedPlace,
  Execution,
  OutputSink,
  Session,
  SessionFactory,
} from '../../agent/executors/executor';
import type { ClientEnvironment } from '../../agent/protocol/runs';
import { runToy } from './toyLanguage';

/** A session that was opened, with what was asked of it. */
export interface FakeSession extends Session {
  /** As it was last told. */
  environment: ClientEnvironment;
  readonly ran: CellSpec[];
  /** Cells that were started beside the others. */
  readonly started: CellSpec[];
  readonly forks: FakeSession[];
  readonly env: Map<string, string>;
  readonly protected: Map<string, string>;
  readonly lacking: Set<string>;
  /** What was started to outlive the session, and the file of its output. */
  readonly detached: ({ spec: CellSpec } & DetachedPlace)[];
  closed: boolean;
  /** How often its processes were asked for. */
  looks: number;
}

/** Sessions that run a toy language; see {@link runToy}. */
export interface FakeSessions extends SessionFactory {
  readonly opened: FakeSession[];
  /** Everything that ran in any session, by its text without the brackets of a guard. */
  texts(): string[];
  /** What began and ended, in order: `+TEXT`, `-TEXT`. */
  readonly log: string[];
  /** What detaching comes to; a process of that number is never looked at. */
  detaching: Awaited<ReturnType<Session['detach']>>;
}

export function createFakeSessions(): FakeSessions {
  const opened: FakeSession[] = [];
  const all: FakeSession[] = [];
  const sessions: FakeSessions = {
    opened,
    log: [],
    detaching: { pid: 2 ** 22 + 1, startTime: '', end: () => Promise.resolve({}) },
    texts: () => all.flatMap(({ ran }) => ran.map(({ text }) => inner(text))),
    open(environment) {
      const session = openSession(environment, new Map(Object.entries(environment.env)), sessions, all);
      opened.push(session);
      return session;
    },
    saved: (path, { cwd }) => ({
      env: Object.fromEntries(JSON.parse(readFileSync(path, 'utf8')) as [string, string][]),
      cwd,
    }),
    async close() {
      await Promise.all(opened.map(session => session.close()));
    },
  };
  return sessions;
}

function openSession(
  environment: ClientEnvironment,
  env: Map<string, string>,
  sessions: FakeSessions,
  all: FakeSession[],
): FakeSession {
  const counts = new Map<string, number>();
  const beside = new Set<Execution>();
  let running: Execution | undefined;
  const begin = (spec: CellSpec, sink: OutputSink): Execution => {
    if (session.closed) throw new Error('A session that is closed runs nothing');
    const text = inner(spec.text);
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    sessions.log.push(`+${text}`);
    const variables = { ...Object.fromEntries(session.env), ...spec.env };
    const execution = runToy(text, { count, sink, env: variables, secrets: spec.secrets ?? new Map() });
    const over = (): void => void sessions.log.push(`-${text}`);
    execution.ended.then(over, over);
    return execution;
  };
  const session: FakeSession = {
    environment,
    cwd: environment.cwd,
    env,
    ran: [],
    started: [],
    forks: [],
    protected: new Map(),
    folder: mkdtempSync(join(tmpdir(), 'handrail-fake-session-')),
    get protectedValues() {
      return new Set(session.protected.values());
    },
    lacking: new Set(),
    detached: [],
    closed: false,
    looks: 0,
    run(spec, sink) {
      if (running !== undefined) throw new Error('A session runs one cell at a time');
      session.ran.push(spec);
      const execution = begin(spec, sink);
      running = execution;
      const free = (): void => void (running = undefined);
      execution.ended.then(free, free);
      return execution;
    },
    start(spec, sink) {
      session.started.push(spec);
      const execution = begin(spec, sink);
      beside.add(execution);
      return execution;
    },
    detach(spec, place) {
      session.detached.push({ spec, ...place });
      return Promise.resolve(sessions.detaching);
    },
    fork() {
      const fork = openSession(environment, new Map(session.env), sessions, all);
      session.forks.push(fork);
      return fork;
    },
    assign(variables) {
      if (running !== undefined) throw new Error('A session takes variables between cells');
      for (const [name, value] of variables)
        if (value === undefined) session.env.delete(name);
        else session.env.set(name, value);
    },
    protect(secrets) {
      for (const [name, value] of secrets) session.protected.set(name, value);
      for (const name of secrets.keys()) session.lacking.delete(name);
    },
    save: path => writeFileSync(path, JSON.stringify([...session.env]), { mode: 0o600 }),
    restore(path) {
      session.env.clear();
      const saved = JSON.parse(readFileSync(path, 'utf8')) as [string, string][];
      for (const [name, value] of saved) session.env.set(name, value);
      return Promise.resolve();
    },
    adopt(changed) {
      if (running !== undefined) throw new Error('A session takes an environment between cells');
      session.environment = changed;
    },
    processes() {
      session.looks += 1;
      return Promise.resolve([]);
    },
    async close() {
      session.closed = true;
      rmSync(session.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
      for (const execution of [...beside, running]) {
        execution?.stop('cancel');
        execution?.stop('cancel');
        await execution?.ended;
      }
    },
  };
  all.push(session);
  return session;
}

function inner(text: string): string {
  return text.replace(/^\(\n([\s\S]*)\n\)\n$/, '$1').trimEnd();
}
