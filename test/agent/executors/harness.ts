import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CellSpec, Ending, Execution, Session } from '../../../agent/executors/executor';
import { createSessionFactory, type SessionOptions } from '../../../agent/executors/sessions';
import type { ClientEnvironment } from '../../../agent/protocol/runs';

/** What a cell did. */
export interface Outcome {
  readonly ending: Ending;
  readonly out: string;
  readonly err: string;
  readonly bytes: Buffer;
}

export interface Harness {
  readonly folder: string;
  readonly session: Session;
  readonly hostId: string;
  /** Runs a cell to its end; `started` is handed the execution and whatever it has printed. */
  run(
    spec: Partial<CellSpec>,
    started?: (execution: Execution, printed: () => string) => void,
  ): Promise<Outcome>;
  close(): Promise<void>;
}

let hosts = 0;

/** A session in a folder of its own, with a small environment. */
export async function createHarness(
  env: Record<string, string> = {},
  options: Pick<SessionOptions, 'interpreterStart' | 'openTarget'> = {},
): Promise<Harness> {
  const folder = await mkdtemp(join(tmpdir(), 'handrail-executors-'));
  const hostId = `test-${process.pid}-${++hosts}`;
  const factory = createSessionFactory({
    folder: join(folder, 'runtime'),
    hostId,
    graces: { interrupt: 400, terminate: 400 },
    ...options,
  });
  const session = factory.open(environment(folder, env));
  return {
    folder,
    session,
    hostId,
    run: (spec, started) => runCell(session, spec, started),
    async close() {
      await factory.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

/** An environment with no more in it than a cell needs. */
export function environment(cwd: string, env: Record<string, string> = {}): ClientEnvironment {
  const { PATH = '', HOME = '/' } = process.env;
  return { env: { PATH, HOME, LANG: 'C.UTF-8', ...env }, cwd, umask: 0o022, user: 'test' };
}

/** Runs one cell in a session and collects what it prints. */
export async function runCell(
  session: Session,
  spec: Partial<CellSpec>,
  started?: (execution: Execution, printed: () => string) => void,
): Promise<Outcome> {
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const full: CellSpec = {
    language: 'bash',
    text: '',
    file: '/docs/book.md',
    line: 11,
    env: { HANDRAIL_STEP: '1' },
    strict: true,
    terminal: undefined,
    ...spec,
  };
  const execution = session.run(full, {
    write: (stream, bytes) => void (stream === 'stderr' ? err : out).push(Uint8Array.from(bytes)),
  });
  started?.(execution, () => Buffer.concat(out).toString());
  const ending = await execution.ended;
  const bytes = Buffer.concat(out);
  return { ending, out: bytes.toString(), err: Buffer.concat(err).toString(), bytes };
}

/** Waits until something is so. */
export async function until(condition: () => boolean | Promise<boolean>, deadline = 5000): Promise<void> {
  const end = Date.now() + deadline;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Not so within ${deadline} ms: ${condition.toString()}`);
    await new Promise<void>(resolve => setTimeout(resolve, 10));
  }
}
