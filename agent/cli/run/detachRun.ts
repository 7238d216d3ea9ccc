import type { RunRequest } from '../../engine/types';
import { startRun } from '../../protocol/runs';
import type { Call } from '../call';
import { connect } from '../connect';
import { exitCodes } from '../exitCodes';

/** Hands a run to the agent and prints its id on stdout. */
export async function detachRun(call: Call, request: RunRequest): Promise<number> {
  const connection = await connect(call, {});
  try {
    const { run } = await connection.request(startRun, request);
    void call.terminal.stdout.write(`${run.id}\n`);
    if (!call.options.flag('quiet'))
      void call.terminal.stderr.write(`follow it: handrail attach ${run.id}\n`);
    return exitCodes.passed;
  } finally {
    connection.dispose();
  }
}
