import * as vscode from 'vscode';
import { userName } from '../../agent/client/userName';
import { HandrailError } from '../../agent/protocol/errors';
import { answerStep, getRun } from '../../agent/protocol/runs';
import type { AgentClient } from '../agent/agentClient';
import { errorText } from '../agent/errorText';
import type { Log } from '../log';
import { approvalWords, lateWords } from './approvalWords';
import type { OwnRuns } from './ownRuns';
import type { Question, Questions } from './questions';
import { unlinked } from '../unlinked';
import { askText } from '../quickInput';

/** What asking needs from the window. */
export interface ApprovalPorts {
  readonly agent: AgentClient;
  readonly questions: Questions;
  readonly own: OwnRuns;
  readonly log: Log;
  /** Opens the runbook at the cell of a step. */
  show(question: Question): Promise<void>;
}

type Answer = 'approve' | 'decline' | 'show';

/**
 * Asks the person when a step of a run that was begun in this window wants an approval, also after a reload. The
 * questions of other runs are answered from their cell or their row.
 */
export class Approvals implements vscode.Disposable {
  readonly #ports: ApprovalPorts;
  readonly #subscriptions: readonly { dispose(): void }[];
  #asking: Promise<void> = Promise.resolve();

  constructor(ports: ApprovalPorts) {
    this.#ports = ports;
    this.#subscriptions = [
      ports.questions.onDidAsk(({ run, step }) => {
        if (ports.own.has(run.id)) void this.ask(run.id, step.index);
      }),
      // The question may come before the answer to the request that began the run.
      ports.own.onDidAdd(run => {
        const question = ports.questions.ofRun(run);
        if (question !== undefined) void this.ask(run, question.step.index);
      }),
    ];
  }

  /** Asks about a step, after what is being asked already; does nothing where that is answered by then. Never rejects. */
  ask(run: string, step: number): Promise<void> {
    this.#asking = this.#asking.then(async () => {
      const question = this.#ports.questions.of(run, step);
      if (question !== undefined) await this.#ask(question);
    });
    return this.#asking;
  }

  /** Asks about the step of a run that waits. */
  async askFor(run: string): Promise<void> {
    const question = this.#ports.questions.ofRun(run);
    if (question === undefined) throw new Error('This run waits for no approval any more.');
    await this.ask(run, question.step.index);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #ask(question: Question): Promise<void> {
    const { agent, log } = this.#ports;
    let answer: Answer | undefined;
    try {
      answer = await dialog(question, (await agent.request(getRun, { run: question.run.id })).run);
      if (answer === 'show') return await this.#ports.show(question);
      await agent.request(answerStep, {
        run: question.run.id,
        step: question.step.index,
        approve: answer === 'approve',
        ...(question.step.typed === undefined ? {} : { typed: question.step.typed }),
        by: userName(process.env),
      });
    } catch (error) {
      // A dialog cannot be taken back: its run may have ended under it, or somebody else was faster.
      if (answer !== undefined && error instanceof HandrailError && error.code === 'invalidState')
        return this.#sayLate(question, answer);
      log.error('an approval could not be given', error);
      void vscode.window.showErrorMessage(
        `${unlinked(question.step.name)} still waits for an approval: ${errorText(error)}`,
      );
    }
  }

  /** The answer came when nobody waited for it any more. Never rejects. */
  async #sayLate({ run, step }: Question, answer: Answer): Promise<void> {
    try {
      const { steps } = (await this.#ports.agent.request(getRun, { run: run.id })).run;
      const late = lateWords(answer, steps.find(({ index }) => index === step.index) ?? step);
      if (late !== undefined) void vscode.window.showWarningMessage(unlinked(late));
    } catch (error) {
      void vscode.window.showWarningMessage(
        unlinked(`Your answer for ${step.name} came too late: ${errorText(error)}`),
      );
    }
  }
}

/**
 * A modal focuses its first ordinary button and gives Escape to the close affordance: so the first one runs nothing
 * and decides nothing, and there is one way to say no.
 */
async function dialog({ step }: Question, run: Parameters<typeof approvalWords>[1]): Promise<Answer> {
  const { question, detail, approve } = approvalWords(step, run);
  const show = { title: 'Show Cell' };
  const yes = { title: approve };
  const no = { title: 'Do Not Run', isCloseAffordance: true };
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, show, yes, no);
  if (answer === show) return 'show';
  return answer === yes && (await isTyped(question, step.typed)) ? 'approve' : 'decline';
}

/** In production a click is made too soon: there the name of the context is typed. */
async function isTyped(question: string, wanted: string | undefined): Promise<boolean> {
  if (wanted === undefined) return true;
  const typed = await askText({
    title: question,
    prompt: `Type ${wanted} to run it.`,
    ignoreFocusOut: true,
    validateInput: text =>
      text.trim() === wanted ? undefined : `Type ${wanted}, or press Escape: then it is not run.`,
  });
  return typed?.trim() === wanted;
}
