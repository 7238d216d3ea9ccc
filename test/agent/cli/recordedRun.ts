import type { RunObserver } from '../../../agent/engine/types';
import type { Stream } from '../../../agent/protocol/output';
import type { RunRecord, RunState, StepRecord } from '../../../agent/protocol/runs';
import { createPaint } from '../../../agent/cli/terminal/paint';
import type { Screen, Terminal } from '../../../agent/cli/terminal/terminal';

const start = Date.UTC(2026, 0, 2, 3, 4, 5);

/** Plays a run to an observer: steps begin, print and end as told. */
export class RecordedRun {
  run: RunRecord;
  readonly #observer: RunObserver;
  #seq = 0;

  constructor(observer: RunObserver, names: readonly string[]) {
    this.#observer = observer;
    this.run = {
      id: '8f3a',
      file: '/repo/docs/restart-api.md',
      title: 'restart-api',
      state: 'running',
      seq: 1,
      startedAt: start,
      stepsTotal: names.length,
      stepsDone: 0,
      by: 'cli',
      user: 'ana',
      textHash: '',
      cwd: '/repo',
      host: 'box',
      steps: names.map(pendingStep),
    };
    observer.runChanged(this.run);
  }

  step(index: number, change: Partial<StepRecord>): this {
    this.run = {
      ...this.run,
      steps: this.run.steps.map(step => (step.index === index ? { ...step, ...change } : step)),
    };
    this.#observer.stepChanged(this.run, this.#at(index));
    return this;
  }

  begin(index: number): this {
    return this.step(index, { state: 'running', startedAt: start, attempt: 1 });
  }

  end(index: number, change: Partial<StepRecord>): this {
    return this.step(index, { endedAt: start + 400, reason: 'exit', exit: 0, ...change });
  }

  print(index: number, stream: Stream, data: string | Uint8Array): this {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    void this.#observer.output(this.run, this.#at(index), { seq: ++this.#seq, stream, time: start, bytes });
    return this;
  }

  finish(state: RunState): void {
    this.run = { ...this.run, state, endedAt: start + 1000 };
    this.#observer.runChanged(this.run);
  }

  #at(index: number): StepRecord {
    const step = this.run.steps[index];
    if (step === undefined) throw new RangeError(`no step ${index}`);
    return step;
  }
}

function pendingStep(name: string, index: number): StepRecord {
  return {
    index,
    name,
    key: { section: '', hash: '', ordinal: 0, index },
    language: 'bash',
    line: 10 * (index + 1),
    section: [],
    text: 'true\n',
    state: 'pending',
    attempt: 0,
    tty: false,
    outputSeq: 0,
    outputBytes: 0,
  };
}

/** A terminal that keeps what is printed: `all` in the order in which a person would see it. */
export class PaperTerminal implements Terminal {
  readonly attended = false;
  readonly stdout: Screen & { readonly text: string };
  readonly stderr: Screen & { readonly text: string };
  all = '';

  constructor({
    tty = false,
    env = {},
    columns = 80,
  }: { tty?: boolean; env?: NodeJS.ProcessEnv; columns?: number } = {}) {
    const paper = (): Screen & { text: string } => {
      const screen = {
        tty,
        columns,
        rows: 24,
        paint: createPaint(env, 'auto', tty),
        text: '',
        get atLineStart() {
          return screen.text === '' || screen.text.endsWith('\n');
        },
        write: (data: string | Uint8Array) => {
          const text = typeof data === 'string' ? data : Buffer.from(data).toString('utf8');
          screen.text += text;
          this.all += text;
        },
        onGone: () => undefined,
        onResize: () => undefined,
        flush: () => Promise.resolve(),
      };
      return screen;
    };
    this.stdout = paper();
    this.stderr = paper();
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }
}
