import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Clock } from '../../../../agent/engine/clock';
import { systemClock } from '../../../../agent/engine/clock';
import { createRuns } from '../../../../agent/engine/runs';
import type { RunsSetting } from '../../../../agent/engine/runs';
import type { ActiveRun, RunObserver, RunRequest, Runs } from '../../../../agent/engine/types';
import type { RunRecord } from '../../../../agent/protocol/runs';
import { thisHost } from '../../../../agent/store/hostProcess';
import { openStore } from '../../../../agent/store/openStore';
import type { RunStore } from '../../../../agent/store/types';
import { createFakeSessions } from '../../../support/fakeSessions';
import type { FakeSessions } from '../../../support/fakeSessions';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { waitFor } from '../../../support/waitFor';
import { sampleRequest } from '../sampleRequest';

/** Runs of toy cells with a real history, and what happened in them. */
export interface RunFixture extends AsyncDisposable {
  readonly path: string;
  readonly store: RunStore;
  readonly sessions: FakeSessions;
  readonly runs: Runs;
  /** What was told of bugs; disposing fails if there are any left. */
  readonly bugs: unknown[];
  request(text: string, change?: Partial<RunRequest>): RunRequest;
  start(text: string, change?: Partial<RunRequest>): ActiveRun;
  /** Runs to the end. */
  run(text: string, change?: Partial<RunRequest>): Promise<RunRecord>;
  /** What a step printed, of all streams. */
  output(run: RunRecord, step: number): string;
}

export async function runFixture(change: Partial<RunsSetting> = {}): Promise<RunFixture> {
  const folder = await temporaryFolder('handrail-engine');
  const store = openStore(join(folder.path, 'data'));
  const sessions = createFakeSessions();
  const bugs: unknown[] = [];
  const report = (error: unknown): void => void bugs.push(error);
  const runs = createRuns({ store, sessions, clock: hastyClock, host: thisHost(), report, ...change });
  const request = (text: string, asked: Partial<RunRequest> = {}): RunRequest =>
    sampleRequest(text, { file: join(folder.path, 'x.runbook.md'), ...asked });
  const start = (text: string, asked?: Partial<RunRequest>): ActiveRun =>
    runs.start(request(text, asked), silent);
  return {
    path: folder.path,
    store,
    sessions,
    runs,
    bugs,
    request,
    start,
    async run(text, asked) {
      const ended = await start(text, asked).ended;
      assert.deepEqual(store.find(ended.id), ended);
      return ended;
    },
    output: (run, step) =>
      Buffer.concat(store.readOutput(run.id, step, 0, 1e9).chunks.map(({ bytes }) => bytes)).toString(),
    async [Symbol.asyncDispose]() {
      await runs.close();
      store.close();
      await folder[Symbol.asyncDispose]();
      assert.deepEqual(bugs, []);
    },
  };
}

/** Waits of minutes take no longer than 30 ms. */
export const hastyClock: Clock = {
  ...systemClock,
  after: (ms, action) => systemClock.after(Math.min(ms, 30), action),
};

export const silent: RunObserver = {
  runChanged: () => undefined,
  stepChanged: () => undefined,
  output: () => undefined,
};

/** `failed a:passed b:failed`. */
export function says({ state, steps }: RunRecord): string {
  return [state, ...steps.map(step => `${step.name}:${step.state}`)].join(' ');
}

/** Waits until a step is as `look` wants it. */
export function stepThat(
  active: ActiveRun,
  name: string,
  look: (step: RunRecord['steps'][number]) => boolean,
): Promise<RunRecord['steps'][number]> {
  return waitFor(`${name} to be as wanted`, () =>
    active.record.steps.find(step => step.name === name && look(step)),
  );
}
