import { followRun } from '../../client/followRun';
import { userName } from '../../client/userName';
import { answerStep } from '../../protocol/runs';
import type { Action } from '../call';
import { connect } from '../connect';
import { exitCodes } from '../exitCodes';
import { exitOf } from '../present/exitOf';
import { presenterFor } from '../present/presenterFor';
import { answerSteps } from '../run/answerSteps';
import { openKeyboard } from '../run/keyboard';

/** `handrail attach RUN`. Ctrl-C ends the following, not the run. */
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
      answerSteps(keyboard, call.terminal.stderr, async (run, step, approve) => {
        await connection.request(answerStep, { run, step, approve, by });
      });
    const run = await followRun(connection, id, answers?.observe(presenter) ?? presenter, left.signal);
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
