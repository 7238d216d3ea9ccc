import { commandOf, type ProcessEntry } from '../../processTable';
import { followTree, killTree, signalProcess, type TreeRoot } from './processTree';

/** Milliseconds a tree is given after SIGINT, and again after SIGTERM. */
export interface Graces {
  readonly interrupt: number;
  readonly terminate: number;
}

export const defaultGraces: Graces = { interrupt: 5000, terminate: 5000 };

/** What is left once the cell's own process has gone gets no more than this. Milliseconds. */
const survivorGrace = 1000;

/** SIGINT, SIGTERM, SIGKILL, over a whole tree. */
export interface StopLadder {
  /** Takes the next step at once. */
  next(): void;
  /**
   * The cell is over; settles when nothing of the tree is left, or with what cannot be ended. `rest` is what has to go where that is not the
   * whole tree, because an interpreter stays.
   */
  finish(rest?: TreeRoot): Promise<readonly ProcessEntry[]>;
}

/** Begins with SIGINT to the process group, as Ctrl-C does. */
export function startLadder(root: TreeRoot, leader: number, graces: Graces): StopLadder {
  const find = followTree(root);
  // Before anything ends: then its children could no longer be told from others.
  find();
  let rung = 0;
  let timer: NodeJS.Timeout | undefined;
  const next = (): void => {
    clearTimeout(timer);
    rung += 1;
    if (rung === 1) {
      signalProcess(-leader, 'SIGINT');
      timer = setTimeout(next, graces.interrupt);
    } else if (rung === 2) {
      signalTree(find, 'SIGTERM');
      timer = setTimeout(next, graces.terminate);
    } else {
      void killTree(find);
    }
  };
  next();
  return {
    next,
    async finish(rest) {
      clearTimeout(timer);
      const findRest = rest === undefined ? find : followTree(rest);
      if (rung < 3 && findRest().length > 0) {
        signalTree(findRest, 'SIGTERM');
        await goneWithin(findRest, Math.min(survivorGrace, graces.terminate));
      }
      return killTree(findRest);
    },
  };
}

/** Words what could not be ended, as a part of an ending; nothing where nothing is left. */
export function unended(left: readonly ProcessEntry[]): { message?: string } {
  if (left.length === 0) return {};
  const list = left.map(({ pid }) => `${pid} (${commandOf(pid)})`).join(', ');
  return {
    message: `Still running, because the system did not let it be ended: ${list}. End it yourself, perhaps with sudo kill.`,
  };
}

function signalTree(find: Find, signal: NodeJS.Signals): void {
  for (const entry of find()) signalProcess(entry.pid, signal);
}

async function goneWithin(find: Find, time: number): Promise<void> {
  const end = performance.now() + time;
  for (let pause = 5; performance.now() < end && find().length > 0; pause = Math.min(pause * 2, 100)) {
    await new Promise<void>(resolve => setTimeout(resolve, pause));
  }
}

type Find = ReturnType<typeof followTree>;
