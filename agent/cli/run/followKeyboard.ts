import type { RunObserver } from '../../engine/types';
import type { StepRecord } from '../../protocol/runs';
import type { Terminal } from '../terminal/terminal';
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
 * goes to `press`. The step's terminal has the size of ours.
 */
export function followKeyboard(
  keyboard: Keyboard,
  { stdout }: Terminal,
  terminals: StepTerminals,
  press: () => void,
): { observe(observer: RunObserver): RunObserver; dispose(): void } {
  let lent: { run: string; step: number } | undefined;
  const fit = (): void => {
    if (lent) terminals.resize(lent.run, lent.step, stdout.columns, stdout.rows);
  };
  stdout.onResize(fit);
  const toStep = (keys: Uint8Array): void => {
    if (keys.includes(interrupt)) press();
    const rest = keys.filter(key => key !== interrupt);
    if (rest.length > 0 && lent) terminals.write(lent.run, lent.step, rest);
  };
  const lend = (run: string, { state, tty, index: step }: StepRecord): void => {
    if (state === 'running' && tty && lent?.step !== step) {
      lent = { run, step };
      keyboard.capture(toStep);
      // Whoever started the run may have sat at another one.
      fit();
    } else if (state !== 'running' && lent?.step === step) {
      lent = undefined;
      keyboard.release();
    }
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
