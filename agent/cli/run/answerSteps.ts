import type { RunObserver } from '../../engine/types';
import { HandrailError } from '../../protocol/errors';
import type { StepRecord } from '../../protocol/runs';
import type { Screen } from '../terminal/terminal';
import { plain } from '../terminal/words';
import { isApproved } from './answers';
import type { Keyboard } from './keyboard';

/** What an observer asks the person for a run, and what came of it. */
export interface StepAnswers {
  observe(observer: RunObserver): RunObserver;
  /** Whether the person said no. */
  readonly declined: boolean;
}

/**
 * Asks the person when a step asks, one question after the other, and passes the answer on. The commands stand above
 * the question, so that nobody approves what they have not seen.
 */
export function answerSteps(
  keyboard: Pick<Keyboard, 'ask'>,
  screen: Screen,
  answer: (run: string, step: number, approve: boolean, typed: string | undefined) => void | Promise<void>,
): StepAnswers {
  const asked = new Map<number, string>();
  let declined = false;
  let questions = Promise.resolve();
  const ask = async (run: string, { index, text, name, asks = '', typed }: StepRecord): Promise<void> => {
    const { paint } = screen;
    const lines = text.trimEnd().split('\n');
    const shown = lines.slice(0, mostLines).map(line => paint.color('dim', `  ${plain(line)}`));
    if (lines.length > mostLines) shown.push(paint.color('dim', `  ${paint.ellipsis} ${lines.length} lines`));
    void screen.write(`\n${paint.color('bold', plain(name))}\n${shown.join('\n')}\n`);
    const approve = await isApproved(keyboard, plain(asks), typed);
    declined ||= !approve;
    await answer(run, index, approve, typed);
  };
  /** The run is gone, or somebody else was faster. */
  const tell = (error: unknown): void => {
    if (!(error instanceof HandrailError)) throw error;
    void screen.write(`${plain(error.message)}\n`);
  };
  const consider = (run: string, step: StepRecord): void => {
    if (step.asks === undefined) {
      asked.delete(step.index);
      return;
    }
    if (asked.get(step.index) === step.asks) return;
    asked.set(step.index, step.asks);
    // Answered meanwhile by somebody else, the question would be void.
    questions = questions.then(() => (asked.has(step.index) ? ask(run, step).catch(tell) : undefined));
  };
  return {
    get declined() {
      return declined;
    },
    observe: observer => ({
      planned: (warnings, steps) => observer.planned?.(warnings, steps),
      runChanged: run => observer.runChanged(run),
      stepChanged(run, step) {
        observer.stepChanged(run, step);
        consider(run.id, step);
      },
      output: (run, step, piece) => observer.output(run, step, piece),
    }),
  };
}

const mostLines = 12;
