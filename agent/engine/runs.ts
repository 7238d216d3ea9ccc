import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import type { SessionFactory } from '../executors/executor';
import { createIdentityReader } from '../identity/readIdentity';
import type { ReadIdentity } from '../identity/readIdentity';
import { parseRunbook } from '../runbook/parseRunbook';
import type { HostProcess, Locks, RunStore } from '../store/types';
import type { Clock } from './clock';
import { continueRun } from './run/continueRun';
import { gitState } from './run/gitState';
import { isolateObserver } from './run/isolateObserver';
import { LateEnds } from './run/lateEnds';
import { newRecord } from './run/newRecord';
import { OutputIndex } from './step/outputIndex';
import { planRun } from './plan/planRun';
import type { PlanSetting, PlanWorld } from './plan/planSetting';
import { Run } from './run/run';
import { RunAudit } from './run/runAudit';
import { RunRecorder } from './run/runRecorder';
import type { RunSetting } from './run/runSetting';
import { secretsOf } from './run/secretsOf';
import { SessionPool } from './session/sessionPool';
import { rewound } from './session/passedCells';
import type { RestoredState } from './session/passedCells';
import type { Kept, Lease } from './session/sessionPool';
import type { ClientEnvironment } from '../protocol/runs';
import { beginningAgain, withoutOwnContext } from '../identity/ownContext';
import { planStart, sessionStart } from './session/sessionStart';
import type { SessionStart } from './session/sessionStart';
import type { CheckRequirements, CreateSecrets } from './run/surroundings';
import type { ActiveRun, Plan, RunObserver, RunRequest, Runs } from './types';

/** What the runs of a process are made of. */
export interface RunsSetting {
  readonly store: RunStore;
  readonly sessions: SessionFactory;
  readonly clock: Clock;
  /** This process. */
  readonly host: HostProcess;
  /** Without them cells do not wait for each other. */
  readonly locks?: Locks;
  /** Without it a step that names a secret fails. */
  readonly createSecrets?: CreateSecrets;
  /** Without it nothing is looked at. */
  readonly checkRequirements?: CheckRequirements;
  /** Gives an environment a kubeconfig whose current context is the runbook's own; without it, it is left as it is. */
  readonly ownKubeconfig?: <T extends Pick<ClientEnvironment, 'env' | 'cwd'>>(environment: T) => T;
  /** What plans are made from besides requests. */
  readonly world?: PlanWorld;
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
  readonly #index: OutputIndex;
  readonly #lateEnds: LateEnds;
  readonly #readIdentity: ReadIdentity;

  constructor(setting: RunsSetting) {
    this.#setting = setting;
    this.#report = setting.report ?? (error => console.error(error));
    this.#pool = new SessionPool(setting.sessions, setting.clock, this.#report);
    this.#index = new OutputIndex(setting.store, setting.clock, this.#report);
    this.#lateEnds = new LateEnds(setting.clock, this.#report);
    this.#readIdentity = setting.world?.identity ?? createIdentityReader();
  }

  get size(): number {
    return [...this.#active.values()].filter(({ record }) => record.state === 'running').length;
  }

  start(request: RunRequest, told: RunObserver): ActiveRun {
    const observer = isolateObserver(told, this.#report);
    // It may go on from one whose end is not on disk.
    this.#lateEnds.write();
    const planned = this.#plan(request);
    const { plan } = planned;
    const start = this.#prepared(planned.start);
    const { store, clock, host } = this.#setting;
    const secrets = secretsOf(plan, request, start.env, this.#setting.createSecrets);
    const id = randomBytes(6).toString('hex');
    const record = newRecord(planned, secrets.redactor, id, clock.now());
    const lease = this.#lease(request, start, id);
    const audit = new RunAudit(store.audit, record);
    let recorder: RunRecorder;
    try {
      // First of all: a run that cannot be logged leaves no trace that it is going on.
      audit.began();
      recorder = new RunRecorder(record, store, host, observer, secrets.redactor);
    } catch (error) {
      this.#errand(lease.release());
      throw error;
    }
    observer.planned?.(plan.warnings, plan.steps);
    this.#lookUpOrigin(recorder, request);
    const setting = {
      ...this.#common(planned.request, id),
      ...planned,
      held: { facts: plan.identity },
      recorder,
      lease,
      observer,
      secrets,
      audit,
    };
    return this.#add(new Run(setting), recorder);
  }

  plan(request: RunRequest): Plan {
    const { plan, carried } = this.#plan(request, true);
    if (carried.size === 0) return plan;
    const why = [...carried].map(([index, { message, state }]) => [index, message ?? state] as const);
    return { ...plan, carried: new Map(why) };
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

  async resetSession(file: string, by: string): Promise<void> {
    // First of all: who starts a run while the old ones go gets a new session.
    this.#logReset(
      this.#pool.list().filter(kept => kept.file === file),
      by,
    );
    const leaving = this.#pool.take(file);
    const running = leaving.flatMap(({ queue }) => queue);
    await this.#cancel(running.flatMap(id => this.#active.get(id) ?? []));
    await Promise.all(leaving.map(({ session }) => session.close()));
  }

  async close(): Promise<void> {
    const leaving = this.#pool.take();
    await this.#cancel([...this.#active.values()]);
    await Promise.all(leaving.map(({ session }) => session.close()));
    this.#index.finish();
    this.#lateEnds.close();
    await Promise.race([Promise.all(this.#errands), this.#pause(errandPatience)]);
  }

  async #cancel(runs: readonly Run[]): Promise<void> {
    for (const run of runs) run.cancel();
    await Promise.allSettled(runs.map(run => run.ended));
  }

  #logReset(leaving: readonly { file: string; user: string }[], by: string): void {
    for (const { file, user } of leaving) {
      const actor = `${user} via ${by}`;
      this.#setting.store.audit.append({ action: 'session.reset', actor, subject: file, details: {} });
    }
  }

  #lease({ session }: RunRequest, start: SessionStart, run: string): Lease {
    return session === 'kept' ? this.#pool.kept(start, run) : this.#pool.own(start);
  }

  /** With files that cells need from the beginning. */
  #prepared(start: SessionStart): SessionStart {
    const { ownKubeconfig } = this.#setting;
    if (ownKubeconfig === undefined) return start;
    const environment = ownKubeconfig(start.environment);
    const { KUBECONFIG } = environment.env;
    const env = withoutOwnContext({ ...start.env, ...(KUBECONFIG !== undefined && { KUBECONFIG }) });
    return { ...start, environment, env };
  }

  /** What a request comes to. Throws HandrailError. */
  #plan(request: RunRequest, onlyShown = false): Planned {
    const { store, world } = this.#setting;
    const runbook = parseRunbook(request.text);
    const start = sessionStart(request.file, runbook, request.environment);
    const kept = request.session === 'kept' ? this.#pool.find(start) : undefined;
    const setting: PlanSetting = {
      ...world,
      runbook,
      onlyShown,
      lastInputs: file => store.lastInputs(file),
      passed: new Set(kept?.passed.keys()),
      ...(kept && {
        environment: {
          env: beginningAgain(Object.fromEntries(kept.session.env), start.environment.env),
          cwd: kept.session.cwd,
        },
      }),
    };
    const { continues } = request;
    if (!continues) {
      const made = makePlan(request, setting);
      return { ...made, start: planStart(start, made.plan), carried: new Map(), restore: undefined };
    }
    const continued = continueRun(request, continues, store, runbook);
    const { inputs: earlierInputs, restore, undoing } = continued;
    const known = {
      ...setting,
      earlierInputs,
      goingOn: (plan: Plan) => continued.goingOn(plan),
      ...(undoing && { undoing }),
      ...this.#restored(restore, start, kept),
    };
    const { request: asked, plan, planAgain } = makePlan(continued.request, known);
    return {
      ...{ request: asked, start: planStart(start, plan), restore, ...continued.adapt(plan) },
      planAgain: environment => continued.adapt(planAgain(environment)).plan,
    };
  }

  /** What a session has that goes back to a saved state; where that cannot be read, the run itself will say so. */
  #restored(
    restore: RestoredState | undefined,
    { environment }: SessionStart,
    kept: Kept | undefined,
  ): Pick<PlanSetting, 'passed' | 'environment'> {
    if (restore === undefined) return {};
    const passed = new Set(rewound(kept?.passed ?? new Map(), restore, 0).keys());
    try {
      return { passed, environment: this.#setting.sessions.saved(restore.path, environment) };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { passed };
    }
  }

  /** What runs have from the request and from this process. */
  #common(
    request: RunRequest,
    run: string,
  ): Omit<
    RunSetting,
    | 'plan'
    | 'planAgain'
    | 'held'
    | 'carried'
    | 'restore'
    | 'recorder'
    | 'lease'
    | 'observer'
    | 'secrets'
    | 'audit'
  > {
    const { store, clock, host, locks, checkRequirements = () => Promise.resolve([]) } = this.#setting;
    const { attended, environment, timeout, approved = [], asks = false } = request;
    const { keepGoing = false, rollback = false, parallel = 4 } = request;
    const terminal = environment.terminal ?? { columns: 80, rows: 24 };
    const context = { run, attended, terminal, oneKeyboard: request.by === 'cli' };
    return {
      ...{ store, clock, host, locks, checkRequirements, index: this.#index, report: this.#report },
      ...{ readIdentity: this.#readIdentity, environment, context },
      ...{ timeout, keepGoing, rollback, parallel, approved, asks },
    };
  }

  /** Keeps it as long as the history does not tell its end. */
  #add(run: Run, recorder: RunRecorder): Run {
    const { id } = run.record;
    this.#active.set(id, run);
    const gone = (): void => {
      const forget = (): void => void this.#active.delete(id);
      if (recorder.trouble === undefined) forget();
      else this.#lateEnds.add(recorder, forget);
    };
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
        if (Object.keys(origin).length > 0) recorder.changeOrigin(origin);
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

/** A request with its plan. */
interface Planned extends Pick<RunSetting, 'plan' | 'planAgain' | 'carried' | 'restore'> {
  /** As it is recorded. */
  readonly request: RunRequest;
  readonly start: SessionStart;
  readonly plan: Plan;
}

function makePlan(
  request: RunRequest,
  setting: PlanSetting,
): Pick<Planned, 'request' | 'plan' | 'planAgain'> {
  const planAgain = (environment: Plan['environment']): Plan => planRun(request, { ...setting, environment });
  return { request, plan: planRun(request, setting), planAgain };
}
