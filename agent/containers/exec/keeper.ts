import type Docker from 'dockerode';
import { keeperCommand } from '../../exec/markedProcesses';
import { startExec } from './startExec';

/** Ends what a command has started in a container, when whoever looks on has gone: also when that is us, killed. */
export interface Keeper {
  /** The command has ended by itself; what it has left is left. */
  dismiss(): void;
  /** Ends all that has the mark. */
  end(): void;
}

/**
 * Has one begin its watch. Undefined where there can be none: the container has no shell, or has just gone. Never rejects
 * for what an engine says.
 */
export async function startKeeper(container: Docker.Container, mark: string): Promise<Keeper | undefined> {
  const command = keeperCommand(mark);
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
