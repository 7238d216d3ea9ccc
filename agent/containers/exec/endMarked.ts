import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import { markVariable, signalScript } from '../../exec/markedProcesses';

/** Milliseconds from the first signal to the last. */
const grace = 1000;

/**
 * Ends what a command has started in a container: engines leave it running when whoever looked on has gone. Best effort:
 * a container without a shell, or that has gone, is left as it is. Never rejects.
 */
export async function endMarked(container: Docker.Container, mark: string): Promise<void> {
  await send(container, 'HUP', mark);
  await new Promise<void>(resolve => setTimeout(resolve, grace));
  await send(container, 'KILL', mark);
}

async function send(container: Docker.Container, signal: string, mark: string): Promise<void> {
  try {
    const Cmd = ['sh', '-c', signalScript, 'sh', signal, `${markVariable}=${mark}`];
    const exec = await container.exec({ Cmd, AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({});
    stream.resume();
    await finished(stream);
  } catch (error) {
    // Gone, stopped or without a shell; anything but an engine's answer means that the engine has gone.
    if (!(error instanceof Error)) throw error;
  }
}
