import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';

/** Name of the variable that all that a command starts in a container has in its environment. */
export const markVariable = 'HANDRAIL_EXEC';

/** Sends a signal to all processes whose environment has the mark: arguments are signal and mark. */
const script = `
for place in /proc/[0-9]*; do
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in *"$2"*) kill -s "$1" "\${place#/proc/}"; break ;; esac
  done <"$place/environ"
done 2>/dev/null
exit 0`;

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
    const Cmd = ['sh', '-c', script, 'sh', signal, `${markVariable}=${mark}`];
    const exec = await container.exec({ Cmd, AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({});
    stream.resume();
    await finished(stream);
  } catch (error) {
    // Gone, stopped or without a shell; anything but an engine's answer means that the engine has gone.
    if (!(error instanceof Error)) throw error;
  }
}
