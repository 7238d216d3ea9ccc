import { randomUUID } from 'node:crypto';
import type Docker from 'dockerode';
import type * as z from 'zod';
import type { execIn } from '../../protocol/containerActions';
import { HandrailError } from '../../protocol/errors';
import type { StreamEnd, StreamSink, StreamSource } from '../../byteStream';
import { engineSays } from '../actions/act';
import { bestShell } from './bestShell';
import { markVariable } from '../../exec/markedProcesses';
import { endMarked } from './endMarked';
import { startKeeper } from './keeper';
import { type RunningExec, startExec } from './startExec';

type Wanted = Omit<z.output<(typeof execIn)['params']>, 'endpoint' | 'by'>;

/** Bytes of input that a command may leave waiting. */
const mostWaiting = 4 * 1024 * 1024;

/** A command that was begun. */
export interface OpenedExec {
  readonly source: StreamSource;
  readonly command: string[];
  /** When it ended, and how. */
  readonly ended: Promise<StreamEnd>;
}

/** Starts a command in a container, or the best shell there is, and carries its output to a sink. */
export async function openExec(docker: Docker, wanted: Wanted, sink: StreamSink): Promise<OpenedExec> {
  const container = docker.getContainer(wanted.container);
  const command = wanted.command ?? [await shellOf(container)];
  const { user, workdir, terminal } = wanted;
  const mark = randomUUID();
  const env = { ...(terminal && { TERM: 'xterm-256color' }), ...wanted.env, [markVariable]: mark };
  // Before the command: what it starts must not be there without.
  const keeper = startKeeper(container, mark);
  const options = {
    ...{ command, env, terminal },
    ...(user !== undefined && { user }),
    ...(workdir !== undefined && { workdir }),
  };
  let exec: RunningExec;
  try {
    exec = await startExec(container, options, ({ channel, bytes }) =>
      sink.send(channel === 'stderr' ? 'err' : 'out', bytes),
    );
  } catch (error) {
    void keeper.then(found => found?.dismiss());
    throw error;
  }
  let isClosed = false;
  const ended = endOf(exec, container, () => isClosed);
  void ended.then(end => sink.end(end));
  void exec.ended.then(async () => isClosed || (await keeper)?.dismiss());
  const close = (): void => {
    isClosed = true;
    exec.close();
    void keeper.then(found => (found === undefined ? endMarked(container, mark) : found.end()));
  };
  return { command, ended, source: { ...sourceOf(exec), close } };
}

async function shellOf(container: Docker.Container): Promise<string> {
  const shell = await bestShell(container);
  if (shell !== undefined) return shell;
  const hint = 'Say what to run in it instead of a shell.';
  throw new HandrailError('invalidState', 'There is no shell in this container', { hint });
}

function sourceOf(exec: RunningExec): Omit<StreamSource, 'close'> {
  return {
    write(data) {
      if (exec.waiting() + data.length > mostWaiting)
        throw new HandrailError('invalidState', 'The command takes no input; 4 MiB wait already');
      exec.write(data);
    },
    resize: (columns, rows) => exec.resize(columns, rows),
  };
}

/** Where there is no exit code, something else has ended it. */
async function endOf(
  exec: RunningExec,
  container: Docker.Container,
  isClosed: () => boolean,
): Promise<StreamEnd> {
  await exec.ended;
  if (isClosed()) return {};
  const exit = await exec.exit();
  // What dies with its container is killed, a moment before that is known to have ended; what it was too late for has 126.
  if (exit !== undefined && exit !== 137 && exit !== 126) return { exit };
  let why = await whyGone(container);
  const turns = exit === undefined ? 20 : 5;
  for (let turn = 0; turn < turns && why.message === undefined; turn++) {
    await new Promise<void>(resolve => setTimeout(resolve, 100));
    why = await whyGone(container);
  }
  if (exit === undefined) return why.message === undefined ? untold : why;
  return { exit, ...why };
}

/** Where nobody knows, that is what is said. */
const untold: StreamEnd = {
  message: 'It has ended, and the engine does not tell how',
  hint: 'Look at the container, then start it again.',
};

async function whyGone(container: Docker.Container): Promise<StreamEnd> {
  try {
    const { State, Name } = await container.inspect();
    if (State.Running) return {};
    return {
      message: `The container ${Name.replace(/^\//, '')} has ended (exit ${State.ExitCode})`,
      hint: 'Start it again.',
    };
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode === 404) return { message: 'The container has been removed' };
    if (statusCode !== undefined) return { message: engineSays(error).said };
    return { message: 'The connection to the engine was lost' };
  }
}
