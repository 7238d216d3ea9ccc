import { followRun } from '../../client/followRun';
import type { AgentConnection } from '../../client/connection';
import { userName } from '../../client/userName';
import { HandrailError } from '../../protocol/errors';
import { resizeTerminal, writeInput } from '../../protocol/output';
import { answerStep } from '../../protocol/runs';
import type { Action } from '../call';
import { connect } from '../connect';
import { exitCodes } from '../exitCodes';
import { exitOf } from '../present/exitOf';
import { presenterFor } from '../present/presenterFor';
import { answerSteps } from '../run/answerSteps';
import { followKeyboard, type StepTerminals } from '../run/followKeyboard';
import { openKeyboard } from '../run/keyboard';

/** `handrail attach RUN`. Keys go to the step that runs, but Ctrl-C ends the following, not the run. */
export const attachCommand: Action = async call => {
  const [id = 'last'] = call.args;
  const left = new AbortController();
  const leave = (): void => left.abort();
  const connection = await connect(call, { signal: left.signal });
  const keyboard = call.terminal.attended ? openKeyboard() : undefined;
  process.on('SIGINT', leave).on('SIGTERM', leave).on('SIGHUP', leave);
  call.terminal.stdout.onGone(leave);
  try {
    const presenter = presenterFor(call, { recorded: true });
    const by = userName(call.env);
    const answers =
      keyboard &&
      answerSteps(keyboard, call.terminal.stderr, async (run, step, approve, typed) => {
        const said = typed === undefined ? {} : { typed };
        await connection.request(answerStep, { run, step, approve, ...said, by });
      });
    const keys = keyboard && followKeyboard(keyboard, call.terminal, terminalsOf(connection), leave);
    const answering = answers?.observe(presenter) ?? presenter;
    const run = await followRun(connection, id, keys?.observe(answering) ?? answering, left.signal);
    return exitOf(run);
  } catch (error) {
    if (!left.signal.aborted) throw error;
    void call.terminal.stderr.write(
      `\nno longer followed; the run goes on. To end it: handrail cancel ${id}\n`,
    );
    return exitCodes.cancelled;
  } finally {
    keyboard?.close();
    connection.dispose();
  }
};

function terminalsOf(connection: AgentConnection): StepTerminals {
  return {
    write: (run, step, keys) => {
      const data = Buffer.from(keys).toString('base64');
      void connection.request(writeInput, { run, step, data }).catch(unlessOver);
    },
    resize: (run, step, columns, rows) =>
      void connection.request(resizeTerminal, { run, step, columns, rows }).catch(unlessOver),
  };
}

/** What is told is a little behind: a key for a step that has ended goes nowhere, as in any terminal. */
function unlessOver(error: unknown): void {
  if (!(error instanceof HandrailError && isOver.has(error.code))) throw error;
}

/** That the agent has gone is said by the following. */
const isOver: ReadonlySet<string> = new Set(['invalidState', 'notFound', 'unavailable']);
