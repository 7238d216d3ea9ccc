import type { ActiveRun, RunObserver } from '../../engine/types';
import type { StepRecord } from '../../protocol/runs';
import type { Terminal } from '../terminal/terminal';
import type { Keyboard } from './keyboard';

/** What Ctrl-C sends. */
const interrupt = 3;

/**
 * Lends the keyboard to each step that has a terminal, while it runs: keys go to the step as they are, only Ctrl-C
 * goes to `press`. The step's terminal has the size of ours.
 */
export function followKeyboard(
  keyboard: Keyboard,
  { stdout }: Terminal,
  active: () => ActiveRun | undefined,
  press: () => void,
): { observe(observer: RunObserver): RunObserver; dispose(): void } {
  let step: number | undefined;
  stdout.onResize(() => {
    if (step !== undefined) active()?.resize(step, stdout.columns, stdout.rows);
  });
  const toStep = (keys: Uint8Array): void => {
    if (keys.includes(interrupt)) press();
    const rest = keys.filter(key => key !== interrupt);
    if (rest.length > 0 && step !== undefined) active()?.write(step, rest);
  };
  const lend = (changed: StepRecord): void => {
    if (changed.state === 'running' && changed.tty && step !== changed.index) {
      step = changed.index;
      keyboard.capture(toStep);
    } else if (changed.state !== 'running' && step === changed.index) {
      step = undefined;
      keyboard.release();
    }
  };
  return {
    observe: observer => ({
      planned: warnings => observer.planned?.(warnings),
      runChanged: run => observer.runChanged(run),
      stepChanged(run, changed) {
        lend(changed);
        observer.stepChanged(run, changed);
      },
      output: (run, changed, piece) => observer.output(run, changed, piece),
    }),
    dispose: () => keyboard.release(),
  };
}
