import type { RunObserver } from '../engine/types';
import { HandrailError } from '../protocol/errors';
import { getRun, type RunRecord, runsChanged, unwatchRuns, watchRuns } from '../protocol/runs';
import type { ParamsOf } from '../protocol/message';
import type { AgentConnection } from './connection';
import { type FollowProgress, noProgress, RunTeller } from './runTeller';

type Change = ParamsOf<typeof runsChanged>['runs'][number];

/**
 * Tells an observer everything about a run, from its beginning to its end, as if the run were executed here: of each
 * step the start, its output without a gap or a double, its end. Then resolves with the run as it ended. A slow
 * observer is waited for. After a reconnect, the same `progress` given again goes on where it was.
 *
 * @throws HandrailError `notFound`, `unavailable`; the signal's reason
 */
export async function followRun(
  connection: AgentConnection,
  runId: string,
  observer: RunObserver,
  signal?: AbortSignal,
  progress: FollowProgress = noProgress(),
): Promise<RunRecord> {
  const first = await connection.request(getRun, { run: runId }, signal);
  const teller = new RunTeller(connection, observer, progress, signal);
  if (first.run.state !== 'running') {
    await teller.tell(first.run);
    return first.run;
  }
  const news = new News(connection, first.run.id, signal);
  const { watch } = await connection.request(watchRuns, { run: first.run.id }, signal);
  try {
    // Looked at again now that it is watched: nothing falls between.
    let { run } = await connection.request(getRun, { run: first.run.id }, signal);
    for (;;) {
      await teller.tell(run);
      if (run.state !== 'running') return run;
      for (const change of await news.next()) run = merge(run, change);
    }
  } finally {
    news.dispose();
    await connection.request(unwatchRuns, { watch }).catch(unlessGone);
  }
}

/** A record brought up to date; what is older than it is in it already. */
function merge(run: RunRecord, change: Change): RunRecord {
  if (change.run.seq <= run.seq) return run;
  const changed = new Map(change.steps.map(step => [step.index, step]));
  return { ...run, ...change.run, steps: run.steps.map(step => changed.get(step.index) ?? step) };
}

/** Changes of one run that have come and not been looked at. */
class News {
  readonly #signal: AbortSignal | undefined;
  readonly #listener: { dispose(): void };
  readonly #wake = (): void => this.#arrived.resolve();
  #arrived = Promise.withResolvers<void>();
  #changes: Change[] = [];
  #closedBy: string | undefined;

  constructor(connection: AgentConnection, run: string, signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.#listener = connection.on(runsChanged, ({ runs }) => {
      const own = runs.filter(change => change.run.id === run);
      this.#changes = [...this.#changes.slice(-1), ...own];
      if (own.length > 0) this.#wake();
    });
    signal?.addEventListener('abort', this.#wake);
    void connection.closed.then(({ reason }) => {
      this.#closedBy = reason;
      this.#wake();
    });
  }

  async next(): Promise<readonly Change[]> {
    await this.#arrived.promise;
    this.#signal?.throwIfAborted();
    this.#arrived = Promise.withResolvers();
    const changes = this.#changes;
    this.#changes = [];
    if (this.#closedBy === undefined || changes.length > 0) return changes;
    throw new HandrailError('unavailable', `The connection to the agent is gone: ${this.#closedBy}`, {
      reason: 'closed',
    });
  }

  dispose(): void {
    this.#listener.dispose();
    this.#signal?.removeEventListener('abort', this.#wake);
  }
}

function unlessGone(error: unknown): void {
  if (!(error instanceof HandrailError && error.code === 'unavailable')) throw error;
}
