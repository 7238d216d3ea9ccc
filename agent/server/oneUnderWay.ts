/**
 * Sends numbered notifications, one under way at a time: the next is made when the client has dealt with that one, and
 * there is something to tell. What is made in one go of the event loop goes in one.
 */
export class OneUnderWay {
  readonly #send: (number: number) => boolean;
  #number = 0;
  #isUnderWay = false;
  #isClosed = false;
  #timer: NodeJS.Immediate | undefined;

  /** `send` sends all that is new, by this number, and tells whether there was anything. */
  constructor(send: (number: number) => boolean) {
    this.#send = send;
  }

  /** There is something to tell. */
  schedule(): void {
    if (this.#isUnderWay || this.#isClosed) return;
    this.#timer ??= setImmediate(() => this.#flush());
  }

  /** The client has dealt with notification `number`. */
  acknowledge(number: number): void {
    if (!this.#isUnderWay || number !== this.#number) return;
    this.#isUnderWay = false;
    this.schedule();
  }

  close(): void {
    clearImmediate(this.#timer);
    this.#isClosed = true;
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#isUnderWay || this.#isClosed) return;
    if (!this.#send(this.#number + 1)) return;
    this.#number += 1;
    this.#isUnderWay = true;
  }
}
