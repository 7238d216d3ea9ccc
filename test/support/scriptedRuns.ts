import { randomBytes } from 'node:crypto';
import { planRun } from '../../agent/engine/plan/planRun';
import type { ActiveRun, Plan, RunObserver, RunRequest, Runs } from '../../agent/engine/types';
import type { Stream } from '../../agent/protocol/output';
import type { RunRecord, StepRecord, StepState } from '../../agent/protocol/runs';
import { thisHost } from '../../agent/store/hostProcess';
import type { OutputWriter, RunStore } from '../../agent/store/types';

/** A run whose steps do what a test says: everything is recorded and told as the engine does it. */
export class ScriptedRun implements ActiveRun {
  record: RunRecord;
  readonly ended: Promise<RunRecord>;
  readonly written: string[] = [];
  readonly answers: { step: number; approve: boolean; by: string }[] = [];
  readonly #store: RunStore;
  readonly #observer: RunObserver;
  readonly #outputs = new Map<number, OutputWriter>();
  #end: (run: RunRecord) => void = () => undefined;

  constructor(store: RunStore, request: RunRequest, observer: RunObserver) {
    this.#store = store;
    this.#observer = observer;
    this.ended = new Promise(resolve => (this.#end = resolve));
    const indexes = request.selection.kind === 'cells' ? request.selection.indexes : [0];
    this.record = newRecord(request, indexes.length);
    store.create(this.record, thisHost());
    observer.runChanged(this.record);
  }

  begin(step: number): void {
    this.#change(step, { state: 'running', attempt: 1, startedAt: Date.now() });
  }

  ask(step: number, question: string, typed?: string): void {
    this.#change(step, { asks: question, ...(typed === undefined ? {} : { typed }) });
  }

  print(step: number, text: string, stream: Stream = 'stdout'): void {
    const writer = this.#outputs.get(step) ?? this.#store.openOutput(this.record.id, step);
    this.#outputs.set(step, writer);
    const bytes = Buffer.from(text);
    const time = Date.now();
    const seq = writer.append(stream, bytes, time);
    const record = this.record.steps[step] as StepRecord;
    this.#set({ ...record, outputSeq: seq, outputBytes: writer.bytes });
    void this.#observer.output(this.record, record, { seq, stream, time, bytes });
  }

  finish(step: number, state: StepState = 'passed'): void {
    this.#outputs.get(step)?.close();
    this.#change(step, { state, endedAt: Date.now(), reason: 'exit', exit: state === 'passed' ? 0 : 1 });
  }

  end(state: RunRecord['state'] = 'passed'): void {
    this.record = { ...this.record, state, endedAt: Date.now(), seq: this.record.seq + 1 };
    this.#store.update(this.record, []);
    this.#observer.runChanged(this.record);
    this.#end(this.record);
  }

  cancel(): void {
    this.end('cancelled');
  }

  answer(step: number, approve: boolean, by: string): void {
    this.answers.push({ step, approve, by });
  }

  write(_step: number, data: Uint8Array): void {
    this.written.push(Buffer.from(data).toString());
  }

  resize(_step: number, columns: number, rows: number): void {
    this.written.push(`${columns}x${rows}`);
  }

  #change(index: number, change: Partial<StepRecord>): void {
    const step = { ...(this.record.steps[index] as StepRecord), ...change };
    this.#set(step);
    this.record = { ...this.record, seq: this.record.seq + 1 };
    this.#store.update(this.record, [step]);
    this.#observer.stepChanged(this.record, step);
  }

  #set(step: StepRecord): void {
    this.record = { ...this.record, steps: this.record.steps.with(step.index, step) };
  }
}

/** Runs for the tests of whatever stands around the engine. */
export class ScriptedRuns implements Runs {
  readonly all: ScriptedRun[] = [];
  readonly resets: string[] = [];
  readonly #store: RunStore;

  constructor(store: RunStore) {
    this.#store = store;
  }

  start(request: RunRequest, observer: RunObserver): ScriptedRun {
    const run = new ScriptedRun(this.#store, request, observer);
    this.all.push(run);
    return run;
  }

  plan(request: RunRequest): Plan {
    return planRun(request, { onlyShown: true });
  }

  active(id: string): ScriptedRun | undefined {
    return this.all.find(run => run.record.id === id && run.record.state === 'running');
  }

  get size(): number {
    return this.all.filter(run => run.record.state === 'running').length;
  }

  sessions(): ReturnType<Runs['sessions']> {
    return [];
  }

  resetSession(file: string): Promise<void> {
    this.resets.push(file);
    return Promise.resolve();
  }

  close(): Promise<void> {
    for (const run of this.all) if (run.record.state === 'running') run.cancel();
    return Promise.resolve();
  }
}

function newRecord(request: RunRequest, steps: number): RunRecord {
  return {
    id: randomBytes(6).toString('hex'),
    file: request.file,
    title: 'Scripted',
    state: 'running',
    seq: 1,
    startedAt: Date.now(),
    stepsTotal: steps,
    stepsDone: 0,
    by: request.by,
    user: request.environment.user,
    textHash: '0',
    cwd: request.environment.cwd,
    host: 'test',
    steps: Array.from({ length: steps }, (_, index) => newStep(index)),
  };
}

function newStep(index: number): StepRecord {
  return {
    index,
    name: `step-${index}`,
    key: { section: '', hash: '0', ordinal: index, index },
    language: 'bash',
    line: 1,
    section: [],
    text: 'true\n',
    state: 'pending',
    attempt: 0,
    tty: false,
    outputSeq: 0,
    outputBytes: 0,
  };
}
