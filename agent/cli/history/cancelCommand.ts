import { cancelRun, getRun } from '../../protocol/runs';
import type { Action } from '../call';
import { connect } from '../connect';
import { exitCodes } from '../exitCodes';

/** `handrail cancel RUN` */
export const cancelCommand: Action = async call => {
  const [id = 'last'] = call.args;
  const connection = await connect(call, {});
  try {
    const { run } = await connection.request(getRun, { run: id });
    if (run.state !== 'running') {
      void call.terminal.stderr.write(`${run.id} has ended already: ${run.state}\n`);
      return exitCodes.passed;
    }
    await connection.request(cancelRun, { run: run.id });
    void call.terminal.stderr.write(`${run.id} is being cancelled\n`);
    return exitCodes.passed;
  } finally {
    connection.dispose();
  }
};
