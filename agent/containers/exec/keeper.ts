import type Docker from 'dockerode';
import { markVariable } from './endMarked';
import { startExec } from './startExec';

/** Ends what a command has started in a container, when whoever looks on has gone: also when that is us, killed. */
export interface Keeper {
  /** The command has ended by itself; what it has left is left. */
  dismiss(): void;
  /** Ends all that has the mark. */
  end(): void;
}

/**
 * Waits in the container for the end of its input, which engines bring about with the connection it comes by. They do
 * not do that to a terminal: what runs there would stay. Arguments: the mark, seconds from the first signal to the last.
 */
const script = `
trap '' INT TERM HUP
while IFS= read -r line; do [ "$line" = done ] && exit 0; done
for signal in HUP KILL; do
  for place in /proc/[0-9]*; do
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in *"$1"*) kill -s "$signal" "\${place#/proc/}"; break ;; esac
    done <"$place/environ"
  done 2>/dev/null
  [ "$signal" = KILL ] || sleep "$2"
done
exit 0`;

/** Seconds. */
const grace = '1';

/**
 * Has one begin its watch. Undefined where there can be none: the container has no shell, or has just gone. Never rejects
 * for what an engine says.
 */
export async function startKeeper(container: Docker.Container, mark: string): Promise<Keeper | undefined> {
  const command = ['sh', '-c', script, 'handrail', `${markVariable}=${mark}`, grace];
  try {
    const exec = await startExec(container, { command, env: {}, terminal: undefined }, () => undefined);
    let isThere = true;
    void exec.ended.then(() => (isThere = false));
    return {
      dismiss() {
        exec.write(Buffer.from('done\n'));
        exec.end();
      },
      end: () => isThere && exec.end(),
    };
  } catch (error) {
    // It says so of the command itself, too, or that is there without it.
    if (!(error instanceof Error)) throw error;
    return undefined;
  }
}
