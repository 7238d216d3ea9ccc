/** Lets one at a time do what needs the person: a second question would take the first one's place. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does it once everything asked for before is done, however that ended. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work);
    this.#last = mine;
    return mine;
  }
}
