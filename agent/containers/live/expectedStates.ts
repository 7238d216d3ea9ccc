import type { ContainerRow } from '../../protocol/containers';
import type { ToldState } from './engineEvent';

interface Expected {
  readonly state: ToldState;
  tries: number;
}

/** Milliseconds until the first look again; each next one waits twice as long. */
const firstPause = 50;
const mostTries = 7;

/**
 * What events have told of containers and lists do not show yet: dockerd tells that a container has died before its
 * lists know, and nothing when they do (seen with 20.10). So it is looked at again, a few times.
 */
export class ExpectedStates {
  readonly #again: (id: string) => void;
  readonly #expected = new Map<string, Expected>();
  readonly #timers = new Set<NodeJS.Timeout>();

  /** `again`: fetch this one anew. */
  constructor(again: (id: string) => void) {
    this.#again = again;
  }

  /** An event told of a state. */
  told(id: string, state: ToldState): void {
    this.#expected.set(id, { state, tries: 0 });
  }

  /** Containers have been fetched: `row` gives what is known of one now. */
  fetched(row: (id: string) => ContainerRow | undefined): void {
    for (const [id, expected] of this.#expected) {
      const found = row(id);
      if (found === undefined || fits(found, expected.state) || expected.tries >= mostTries) {
        this.#expected.delete(id);
        continue;
      }
      const timer = setTimeout(
        () => {
          this.#timers.delete(timer);
          if (this.#expected.has(id)) this.#again(id);
        },
        firstPause * 2 ** expected.tries++,
      );
      this.#timers.add(timer);
    }
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#expected.clear();
  }
}

function fits({ state }: ContainerRow, told: ToldState): boolean {
  if (told === 'paused') return state === 'paused';
  return (state === 'running' || state === 'paused') === (told === 'up');
}
