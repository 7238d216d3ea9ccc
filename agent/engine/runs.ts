import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { basename, dirname } from 'node:path';
import type { SessionFactory } from '../executors/executor';
import type { RunRecord, StepRecord } from '../protocol/runs';
import { hashText } from '../runbook/cellKey';
import type { HostProcess, RunStore } from '../store/types';
import type { Clock } from './clock';
import { gitState } from './gitState';
import { isolateObserver } from './isolateObserver';
import { planRun } from './planRun';
import { Run } from './run';
import { RunRecorder } from './runRecorder';
import { SessionPool } from './sessionPool';
import type { Lease } from './sessionPool';
import { sessionStart } from './sessionStart';
import type { SessionStart } from './sessionStart';
import type { ActiveRun, Plan, PlannedStep, RunObserver, RunRequest, Runs } from './types';
import { parseRunbook } from '../runbook/parseRunbook';

/** What the runs of a process are made of. */
export interface RunsSetting {
  readonly store: RunStore;
  readonly sessions: SessionFactory;
  readonly clock: Clock;
  /** This process. */
  readonly host: HostProcess;
  /** Gets what must not happen: bugs. Nothing else is told of them. */
  readonly report?: (error: unknown) => void;
}

/** Makes the runs of this process. */
export function createRuns(setting: RunsSetting): Runs {
  return new ProcessRuns(setting);
}

class ProcessRuns implements Runs {
  readonly #setting: RunsSetting;
  readonly #pool: SessionPool;
  readonly #active = new Map<string, Run>();
  readonly #report: (error: unknown) => void;
  readonly #errands = new Set<Promise<void>>();

  constructor(setting: RunsSetting) {
    this.#setting = setting;
    this.#report = setting.report ?? (error => console.error(error));
    this.#pool = new SessionPool(setting.sessions, setting.clock, this.#report);
  }

  get size(): number {
    return this.#active.size;
  }

  start(request: RunRequest, told: RunObserver): ActiveRun {
    const observer = isolateObserver(told, this.#report);
    const { store, clock, host } = this.#setting;
    const runbook = parseRunbook(request.text);
    const start = sessionStart(request.file, runbook, request.environment);
    const passed = request.session === 'kept' ? this.#pool.passed(start) : new Set<string>();
    const plan = planRun(request, { passed, runbook });
    const record = newRecord(request, plan, clock.now());
    const lease = this.#lease(request, start, record.id);
    let recorder: RunRecorder;
    try {
      recorder = new RunRecorder(record, store, host, observer);
    } catch (error) {
      this.#errand(lease.release());
      throw error;
    }
    observer.planned?.(plan.warnings);
    this.#lookUpOrigin(recorder, request);
    return this.#add(new Run(this.#runSetting(request, plan, recorder, lease, observer)));
  }

  active(id: string): ActiveRun | undefined {
    return this.#active.get(id);
  }

  sessions(): ReturnType<Runs['sessions']> {
    return this.#pool.list().map(({ file, startedAt, usedAt, session }) => ({
      file,
      startedAt,
      usedAt,
      processes: () => session.processes(),
    }));
  }

  async resetSession(file: string): Promise<void> {
    // First of all: who starts a run while the old ones go gets a new session.
    const leaving = this.#pool.take(file);
    const running = leaving.flatMap(({ queue }) => queue);
    await this.#cancel(running.flatMap(id => this.#active.get(id) ?? []));
    await Promise.all(leaving.map(({ session }) => session.close()));
  }

  async close(): Promise<void> {
    const leaving = this.#pool.take();
    await this.#cancel([...this.#active.values()]);
    await Promise.all(leaving.map(({ session }) => session.close()));
    await Promise.race([Promise.all(this.#errands), this.#pause(errandPatience)]);
  }

  async #cancel(runs: readonly Run[]): Promise<void> {
    for (const run of runs) run.cancel();
    await Promise.allSettled(runs.map(run => run.ended));
  }

  #lease({ session }: RunRequest, start: SessionStart, run: string): Lease {
    return session === 'kept' ? this.#pool.kept(start, run) : this.#pool.own(start);
  }

  #runSetting(
    request: RunRequest,
    plan: Plan,
    recorder: RunRecorder,
    lease: Lease,
    observer: RunObserver,
  ): ConstructorParameters<typeof Run>[0] {
    const { store, clock } = this.#setting;
    const { file, attended, environment, timeout, keepGoing = false } = request;
    const terminal = environment.terminal ?? { columns: 80, rows: 24 };
    const context = { run: recorder.run.id, file, frontMatter: plan.runbook.frontMatter, attended, terminal };
    const report = this.#report;
    return { plan, recorder, lease, store, observer, clock, context, timeout, keepGoing, report };
  }

  #add(run: Run): Run {
    const { id } = run.record;
    this.#active.set(id, run);
    const gone = (): void => void this.#active.delete(id);
    this.#errand(
      run.ended.then(gone, (error: unknown) => {
        gone();
        throw error;
      }),
    );
    return run;
  }

  /** Meanwhile the run goes on: git may take its time in a large repository. */
  #lookUpOrigin(recorder: RunRecorder, { file, environment }: RunRequest): void {
    const found = gitState(dirname(file), environment.env);
    this.#errand(
      found.then(origin => {
        if (origin.dirty !== undefined) recorder.changeOrigin(origin);
      }),
    );
  }

  #errand(work: Promise<void>): void {
    const errand: Promise<void> = work.catch(this.#report).finally(() => this.#errands.delete(errand));
    this.#errands.add(errand);
  }

  #pause(ms: number): Promise<void> {
    return new Promise(resolve => void this.#setting.clock.after(ms, resolve));
  }
}

/** How long closing waits for git. */
const errandPatience = 300;

function newRecord(request: RunRequest, plan: Plan, now: number): RunRecord {
  const { file, text, environment, by } = request;
  return {
    id: randomBytes(6).toString('hex'),
    file,
    title: plan.runbook.title ?? basename(file),
    state: 'running',
    seq: 1,
    startedAt: now,
    stepsTotal: plan.steps.length,
    stepsDone: 0,
    by,
    user: environment.user,
    textHash: hashText(text),
    cwd: environment.cwd,
    host: hostname(),
    steps: plan.steps.map(newStep),
  };
}

function newStep({ index, cell, key }: PlannedStep): StepRecord {
  return {
    index,
    name: cell.name,
    key,
    language: cell.language,
    line: cell.line,
    section: [...cell.section],
    text: cell.text,
    state: 'pending',
    attempt: 0,
    tty: false,
    outputSeq: 0,
    outputBytes: 0,
  };
}
