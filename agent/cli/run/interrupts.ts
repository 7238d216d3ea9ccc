import { defaultGraces, type Graces } from '../../executors/process/stopLadder';
import { durationText } from '../../runbook/duration';

/** What a person or the system does to end a run from outside. */
export interface Interrupts {
  /** The person pressed Ctrl-C. */
  press(): void;
  /** Whether the end was asked for by SIGTERM. */
  readonly terminated: boolean;
  /** What asked for the end first, in words. */
  readonly cause: string | undefined;
  dispose(): void;
}

/** What happens by itself, and what a person can do about it. */
function wordGraces({ interrupt, terminate }: Graces): string {
  const [first, second] = [durationText(interrupt), durationText(terminate)];
  return `cancelling: SIGTERM after ${first}, SIGKILL after another ${second}; Ctrl-C again to kill`;
}

/** A launcher passes on a signal that the terminal has sent to both of us; closer than this it is one press. */
const samePress = 100;

/**
 * Listens to signals. The first one cancels, which begins with SIGINT to the cell; Ctrl-C again goes straight to
 * the end of the ladder.
 */
export function listenToInterrupts(cancel: () => void, say: (text: string) => void): Interrupts {
  let pressedAt = -Infinity;
  let presses = 0;
  let terminated = false;
  let cause: string | undefined;
  const press = (): void => {
    const now = performance.now();
    if (now - pressedAt < samePress) return;
    pressedAt = now;
    presses += 1;
    cause ??= 'cancelled by you';
    if (presses === 1) say(wordGraces(defaultGraces));
    // Each call is a rung: SIGINT, SIGTERM, SIGKILL.
    for (let rung = presses === 1 ? 1 : 2; rung > 0; rung--) cancel();
  };
  const terminate = (): void => {
    terminated = true;
    cause ??= 'ended by SIGTERM';
    cancel();
  };
  const hangUp = (): void => {
    cause ??= 'cancelled: the terminal was closed';
    cancel();
  };
  process.on('SIGINT', press).on('SIGTERM', terminate).on('SIGHUP', hangUp);
  return {
    press,
    get terminated() {
      return terminated;
    },
    get cause() {
      return cause;
    },
    dispose: () => void process.off('SIGINT', press).off('SIGTERM', terminate).off('SIGHUP', hangUp),
  };
}
