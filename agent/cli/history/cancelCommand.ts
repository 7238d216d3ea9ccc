import { userName } from '../../client/userName';
import { detachedMark } from '../../detachedMark';
import { endDetached } from '../../executors/endDetached';
import { HandrailError } from '../../protocol/errors';
import { commandOf } from '../../processTable';
import { cancelRun } from '../../protocol/runs';
import type { RunRecord } from '../../protocol/runs';
import { isHere } from '../../store/hostProcess';
import type { DetachedStep, HostProcess, RunStore } from '../../store/types';
import type { Action, Call } from '../call';
import { connect } from '../connect';
import { exitCodes } from '../exitCodes';
import { plain } from '../terminal/words';
import { withHistory } from './openHistory';

/** `handrail cancel RUN`: a run that is going, or what an ended one left running on purpose. */
export const cancelCommand: Action = async call => {
  const [id = 'last'] = call.args;
  const going = await withHistory(call, async store => {
    const run = store.find(id);
    if (run === undefined) return undefined;
    if (run.state === 'running') return { id: run.id, host: store.hostOf(run.id) };
    await stopLeft(call, store, run);
    return 'ended' as const;
  });
  if (going !== 'ended') await cancelGoing(call, going?.id ?? id, going?.host);
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

/** By the agent, where that executes it; else by the process that does. */
async function cancelGoing(call: Call, id: string, host: HostProcess | undefined): Promise<void> {
  if (!(await cancelByAgent(call, id, host === undefined))) endHost(id, host);
  void call.terminal.stderr.write(`${id} is being cancelled\n`);
}

/** Whether the agent does it. */
async function cancelByAgent(call: Call, run: string, start: boolean): Promise<boolean> {
  try {
    const connection = await connect(call, { start });
    try {
      await connection.request(cancelRun, { run });
      return true;
    } finally {
      connection.dispose();
    }
  } catch (error) {
    const isElsewhere =
      error instanceof HandrailError &&
      (error.code === 'unavailable' ||
        (error.code === 'invalidState' && error.details['elsewhere'] === true));
    if (!isElsewhere) throw error;
    return false;
  }
}

/** A run of a terminal ends its cells, and is recorded, where its process is told to end. */
function endHost(run: string, host: HostProcess | undefined): void {
  const isOurs = host !== undefined && isHere(host) && !/\bagent\.js\b/.test(commandOf(host.pid));
  if (!isOurs)
    throw new HandrailError(
      'invalidState',
      `Run ${run} goes on in a process that cannot be reached from here${host === undefined ? '' : `, pid ${host.pid}`}: cancel it on its own machine, by its user`,
      { run, state: 'running' },
    );
  process.kill(host.pid, 'SIGTERM');
}
