import { followRun } from '../../client/followRun';
import type { Action } from '../call';
import { connect } from '../connect';
import { exitCodes } from '../exitCodes';
import { exitOf } from '../present/exitOf';
import { presenterFor } from '../present/presenterFor';

/** `handrail attach RUN`. Ctrl-C ends the following, not the run. */
export const attachCommand: Action = async call => {
  const [id = 'last'] = call.args;
  const left = new AbortController();
  const leave = (): void => left.abort();
  const connection = await connect(call, { signal: left.signal });
  process.on('SIGINT', leave).on('SIGTERM', leave).on('SIGHUP', leave);
  call.terminal.stdout.onGone(leave);
  try {
    const run = await followRun(connection, id, presenterFor(call, { recorded: true }), left.signal);
    return exitOf(run);
  } catch (error) {
    if (!left.signal.aborted) throw error;
    void call.terminal.stderr.write(
      `\nno longer followed; the run goes on. To end it: handrail cancel ${id}\n`,
    );
    return exitCodes.cancelled;
  } finally {
    connection.dispose();
  }
};
