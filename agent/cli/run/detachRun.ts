import type { RunRequest } from '../../engine/types';
import { startRun } from '../../protocol/runs';
import type { Call } from '../call';
import { connect } from '../connect';
import { exitCodes } from '../exitCodes';
import { wordDiagnostics } from '../present/wordDiagnostics';

/** Hands a run to the agent and prints its id on stdout. */
export async function detachRun(call: Call, request: RunRequest): Promise<number> {
  const connection = await connect(call, {});
  try {
    const { run, warnings = [] } = await connection.request(startRun, request);
    void call.terminal.stdout.write(`${run.id}\n`);
    if (call.options.flag('quiet')) return exitCodes.passed;
    const doubtful = wordDiagnostics(warnings, run.file, call.cwd);
    const lines = [...doubtful, `follow it: handrail attach ${run.id}`];
    void call.terminal.stderr.write(`${lines.join('\n')}\n`);
    return exitCodes.passed;
  } finally {
    connection.dispose();
  }
}
