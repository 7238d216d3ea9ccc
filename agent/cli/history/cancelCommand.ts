import { userName } from '../../client/userName';
import { detachedMark } from '../../detachedMark';
import { endDetached } from '../../executors/endDetached';
import { HandrailError } from '../../protocol/errors';
import { cancelRun, getRun } from '../../protocol/runs';
import type { RunRecord } from '../../protocol/runs';
import type { DetachedStep, RunStore } from '../../store/types';
import type { Action, Call } from '../call';
import { connect } from '../connect';
import { exitCodes } from '../exitCodes';
import { plain } from '../terminal/words';
import { withHistory } from './openHistory';

/** `handrail cancel RUN`: a run that is going, or what an ended one left running on purpose. */
export const cancelCommand: Action = async call => {
  const [id = 'last'] = call.args;
  const hasEnded = await withHistory(call, async store => {
    const run = store.find(id);
    if (run === undefined || run.state === 'running') return false;
    await stopLeft(call, store, run);
    return true;
  });
  if (hasEnded !== true) await cancelGoing(call, id);
  return exitCodes.passed;
};

/** Processes of `background=detach` steps need no agent to be ended. */
async function stopLeft(call: Call, store: RunStore, run: RunRecord): Promise<void> {
  const say = (text: string): void => void call.terminal.stderr.write(`${text}\n`);
  const ids = withEarlier(store, run);
  const left = store.detached.list().filter(step => ids.includes(step.run));
  if (left.length === 0) say(`${run.id} has ended already: ${run.state}`);
  for (const step of left) {
    store.audit.append(stopping(call, step));
    const { message } = await endDetached({ ...step, mark: detachedMark(step.run, step.step) });
    if (message !== undefined)
      throw new HandrailError('invalidState', message, { run: run.id, state: 'detached' });
    store.detached.remove(step.run, step.step);
    say(`${plain(step.name)} of ${step.run} is stopped`);
  }
}

/** A run that was resumed has what the runs before it left running. */
function withEarlier(store: RunStore, run: RunRecord): string[] {
  const ids = [run.id];
  for (let from = run.continues; from?.how === 'resume' && !ids.includes(from.run);) {
    ids.push(from.run);
    from = store.find(from.run)?.continues;
  }
  return ids;
}

function stopping(call: Call, { run, name, pid }: DetachedStep): Parameters<RunStore['audit']['append']>[0] {
  const actor = `${userName(call.env)} via cli`;
  return { action: 'step.stopped', actor, subject: name, details: { run, pid } };
}

async function cancelGoing(call: Call, id: string): Promise<void> {
  const connection = await connect(call, {});
  try {
    const { run } = await connection.request(getRun, { run: id });
    await connection.request(cancelRun, { run: run.id });
    void call.terminal.stderr.write(`${run.id} is being cancelled\n`);
  } finally {
    connection.dispose();
  }
}
