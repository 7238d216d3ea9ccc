import type { Graces } from '../process/stopLadder';
import type { ContainerPlace } from './containerPlace';

/** SIGINT, SIGTERM, SIGKILL to all of a cell's processes in a container. */
export class ContainerLadder {
  readonly #place: ContainerPlace;
  readonly #mark: string;
  readonly #graces: Graces;
  #rung = 0;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;
  #sent: Promise<void> = Promise.resolve();
  #trouble: string | undefined;
  /** What it has sent signals to. */
  #known: readonly string[] = [];

  /** @param mark in the environment of what is to be ended */
  constructor(place: ContainerPlace, mark: string, graces: Graces) {
    this.#place = place;
    this.#mark = mark;
    this.#graces = graces;
  }

  /** Goes to the next rung, the first one to begin with. `last` is called after the last one has been tried. */
  next(last: () => void): void {
    clearTimeout(this.#timer);
    this.#rung += 1;
    const { interrupt, terminate } = this.#graces;
    if (this.#rung > 3) return;
    this.#send((['INT', 'TERM', 'KILL'] as const)[this.#rung - 1] ?? 'KILL');
    const rung = this.#rung;
    void this.#sent.then(() => {
      // Where one signal cannot be sent, the others cannot either.
      if (rung === 3 || this.#trouble !== undefined) last();
      else if (rung === this.#rung && !this.#isOver)
        this.#timer = setTimeout(() => this.next(last), rung === 1 ? interrupt : terminate);
    });
  }

  /** Why it could not do what it had to, as a sentence for a person. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** The cell is over: ends what it has left, marked with `rest`. Gives why that could not be done. */
  async finish(rest = this.#mark): Promise<string | undefined> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#send('KILL', rest);
    await this.#sent;
    return this.#trouble;
  }

  #send(signal: 'INT' | 'TERM' | 'KILL', mark = this.#mark): void {
    this.#sent = this.#sent
      .then(() => this.#place.signal(mark, signal, mark === this.#mark ? this.#known : []))
      .then(
        known => {
          this.#known = [...new Set([...this.#known, ...known])];
          this.#trouble = undefined;
        },
        (error: unknown) => {
          const why = error instanceof Error ? error.message : String(error);
          this.#trouble = `It may go on in ${this.#place.access.name}, because it could not be ended there: ${why}`;
        },
      );
  }
}
