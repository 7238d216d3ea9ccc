import type { RunObserver } from '../../engine/types';
import type { StepRecord } from '../../protocol/runs';
import type { Terminal } from '../terminal/terminal';
import { plain } from '../terminal/words';
import type { Keyboard } from './keyboard';

/** What Ctrl-C sends. */
const interrupt = 3;

/** The terminals of a run's steps, in this process or in the agent. */
export interface StepTerminals {
  write(run: string, step: number, keys: Uint8Array): void;
  resize(run: string, step: number, columns: number, rows: number): void;
}

/**
 * Lends the keyboard to each step that has a terminal, while it runs: keys go to the step as they are, only Ctrl-C
 * goes to `press`. Of several at the same time it is the first one's until that has ended, so that nobody's answer
 * goes to another one's question. The step's terminal has the size of ours.
 */
export function followKeyboard(
  keyboard: Pick<Keyboard, 'capture' | 'release'>,
  { stdout, stderr }: Terminal,
  terminals: StepTerminals,
  press: () => void,
): { observe(observer: RunObserver): RunObserver; dispose(): void } {
  /** Those with a terminal that run, the one that has the keyboard first. */
  const having: { run: string; step: number; name: string }[] = [];
  const fit = (): void => {
    for (const { run, step } of having) terminals.resize(run, step, stdout.columns, stdout.rows);
  };
  stdout.onResize(fit);
  const toStep = (keys: Uint8Array): void => {
    if (keys.includes(interrupt)) press();
    const rest = keys.filter(key => key !== interrupt);
    const [first] = having;
    if (rest.length > 0 && first) terminals.write(first.run, first.step, rest);
  };
  const join = (run: string, { index: step, name }: StepRecord): void => {
    having.push({ run, step, name });
    if (having.length === 1) keyboard.capture(toStep);
    else
      void stderr.write(`${plain(name)} waits for the keyboard, which ${plain(having[0]?.name ?? '')} has\n`);
    // Whoever started the run may have sat at another one.
    fit();
  };
  const leave = (at: number): void => {
    having.splice(at, 1);
    const [next] = having;
    if (next === undefined) keyboard.release();
    else if (at === 0) void stderr.write(`${plain(next.name)} has the keyboard\n`);
  };
  const lend = (run: string, changed: StepRecord): void => {
    const at = having.findIndex(({ step }) => step === changed.index);
    const wants = changed.state === 'running' && changed.tty;
    if (wants && at < 0) join(run, changed);
    else if (changed.state !== 'running' && at >= 0) leave(at);
  };
  return {
    observe: observer => ({
      planned: (warnings, steps) => observer.planned?.(warnings, steps),
      runChanged: run => observer.runChanged(run),
      stepChanged(run, changed) {
        lend(run.id, changed);
        observer.stepChanged(run, changed);
      },
      output: (run, changed, piece) => observer.output(run, changed, piece),
    }),
    dispose: () => keyboard.release(),
  };
}
