import type {
  CellSpec,
  Ending,
  Execution,
  OutputSink,
  Session,
  SessionFactory,
} from '../../agent/executors/executor';
import type { ClientEnvironment } from '../../agent/protocol/runs';

/** A session that was opened, with what was asked of it. */
export interface FakeSession extends Session {
  /** As it was last told. */
  environment: ClientEnvironment;
  readonly ran: CellSpec[];
  closed: boolean;
  /** How often its processes were asked for. */
  looks: number;
}

/** Sessions that run a toy language; see {@link runToy}. */
export interface FakeSessions extends SessionFactory {
  readonly opened: FakeSession[];
  /** Everything that ran in any session, by its text without the brackets of a guard. */
  texts(): string[];
}

export function createFakeSessions(): FakeSessions {
  const opened: FakeSession[] = [];
  return {
    opened,
    texts: () => opened.flatMap(({ ran }) => ran.map(({ text }) => inner(text))),
    open(environment) {
      const session = openSession(environment);
      opened.push(session);
      return session;
    },
    missing: () => Promise.resolve(undefined),
    async close() {
      await Promise.all(opened.map(session => session.close()));
    },
  };
}

function openSession(environment: ClientEnvironment): FakeSession {
  const counts = new Map<string, number>();
  let running: Execution | undefined;
  const session: FakeSession = {
    environment,
    ran: [],
    closed: false,
    looks: 0,
    run(spec, sink) {
      if (running !== undefined) throw new Error('A session runs one cell at a time');
      if (session.closed) throw new Error('A session that is closed runs nothing');
      session.ran.push(spec);
      const text = inner(spec.text);
      const count = (counts.get(text) ?? 0) + 1;
      counts.set(text, count);
      const execution = runToy(text, count, sink);
      running = execution;
      const free = (): void => void (running = undefined);
      execution.ended.then(free, free);
      return execution;
    },
    adopt(changed) {
      if (running !== undefined) throw new Error('A session takes an environment between cells');
      session.environment = changed;
    },
    processes() {
      session.looks += 1;
      return Promise.resolve([]);
    },
    reset: () => Promise.resolve(),
    async close() {
      session.closed = true;
      running?.stop('cancel');
      running?.stop('cancel');
      await running?.ended;
    },
  };
  return session;
}

/**
 * One command a line: `print TEXT`, `exit N`, `exit-until K N` (N in the first K times, then 0), `hang` (until it is
 * stopped), `cling` (until it is stopped twice), `signal NAME`, `error TEXT`, `reject TEXT` (a bug of the session).
 * Anything else does nothing.
 */
function runToy(text: string, count: number, sink: OutputSink): Execution {
  let patience = 1;
  let stop: (reason: 'cancel' | 'timeout') => void = () => undefined;
  const stopped = new Promise<Ending>(resolve => {
    stop = reason => {
      patience -= 1;
      if (patience <= 0) resolve({ reason, signal: 'SIGINT' });
    };
  });
  const run = async (): Promise<Ending> => {
    for (const line of text.split('\n')) {
      const [command, ...words] = line.split(' ');
      const rest = words.join(' ');
      if (command === 'print') await sink.write('stdout', Buffer.from(`${rest}\n`));
      else if (command === 'exit') return { reason: 'exit', exit: Number(rest), failedLine: 1 };
      else if (command === 'exit-until' && count <= Number(words[0]))
        return { reason: 'exit', exit: Number(words[1]) };
      else if (command === 'hang') return stopped;
      else if (command === 'cling') return ((patience = 2), stopped);
      else if (command === 'reject') throw new Error(rest);
      else if (command === 'signal') return { reason: 'signal', signal: rest };
      else if (command === 'error') return { reason: 'error', message: rest };
    }
    return { reason: 'exit', exit: 0 };
  };
  const ended = run();
  return { ended, stop: reason => stop(reason), write: () => undefined, resize: () => undefined };
}

function inner(text: string): string {
  return text.replace(/^\(\n([\s\S]*)\n\)\n$/, '$1').trimEnd();
}
