import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../makeFolder';

/** States of a run that are kept. */
const mostStates = 50;

/** Where sessions' states are saved, in a folder for each run. Of a run with many steps the oldest states go. */
export class SessionStates {
  readonly #folder: string;
  /** The last run that was asked for, which is nearly always the next one, too, and the steps that have states. */
  #run: string | undefined;
  #steps = new Set<number>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where the session's state before a step is saved; the folder is there, for this user only. */
  path(run: string, step: number): string {
    const own = join(this.#folder, run);
    makeFolder(own);
    if (this.#run !== run) this.#look(run, own);
    this.#steps.add(step);
    if (this.#steps.size > mostStates) this.#tidy(own, step);
    return join(own, String(step));
  }

  #look(run: string, own: string): void {
    this.#run = run;
    this.#steps = new Set(
      readdirSync(own)
        .filter(name => /^\d+$/.test(name))
        .map(Number),
    );
  }

  #tidy(own: string, step: number): void {
    const earlier = [...this.#steps].filter(each => each < step).sort((a, b) => b - a);
    for (const old of earlier.slice(mostStates - 1)) {
      rmSync(join(own, String(old)), { recursive: true, force: true });
      this.#steps.delete(old);
    }
  }
}
