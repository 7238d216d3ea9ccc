import type { ContainerRow } from '../../protocol/containers';
import type { ToldState } from './engineEvent';

interface Expected {
  readonly state: ToldState;
  tries: number;
  /** Of the next look. */
  timer: NodeJS.Timeout | undefined;
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

  /** `again`: fetch this one anew. */
  constructor(again: (id: string) => void) {
    this.#again = again;
  }

  /** An event told of a state. */
  told(id: string, state: ToldState): void {
    this.#forget(id);
    this.#expected.set(id, { state, tries: 0, timer: undefined });
  }

  /** Containers have been fetched, these or others: `row` gives what is known of one now. */
  fetched(row: (id: string) => ContainerRow | undefined): void {
    for (const [id, expected] of this.#expected) {
      const found = row(id);
      if (found === undefined || fits(found, expected.state)) this.#forget(id);
      // A look is due already: fetches of others are no tries.
      else if (expected.timer === undefined) this.#lookLater(id, expected);
    }
  }

  stop(): void {
    for (const id of [...this.#expected.keys()]) this.#forget(id);
  }

  #lookLater(id: string, expected: Expected): void {
    if (expected.tries >= mostTries) return this.#forget(id);
    expected.timer = setTimeout(
      () => {
        expected.timer = undefined;
        this.#again(id);
      },
      firstPause * 2 ** expected.tries++,
    );
  }

  #forget(id: string): void {
    clearTimeout(this.#expected.get(id)?.timer);
    this.#expected.delete(id);
  }
}

function fits({ state }: ContainerRow, told: ToldState): boolean {
  if (told === 'paused') return state === 'paused';
  return (state === 'running' || state === 'paused') === (told === 'up');
}
