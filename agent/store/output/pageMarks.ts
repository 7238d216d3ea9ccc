import type { StepPlace } from './segments';

/** Where a page ended: the next one begins there. */
export interface PageMark {
  readonly seq: number;
  /** First sequence number of the segment. */
  readonly firstSeq: number;
  readonly position: number;
  /** Bytes printed up to there. */
  readonly bytes: number;
}

/** The ends of the last pages that were read; a forgotten one costs a walk through its segment. */
export class PageMarks {
  readonly #marks = new Map<string, PageMark>();

  find(place: StepPlace, seq: number): PageMark | undefined {
    return this.#marks.get(keyOf(place, seq));
  }

  set(place: StepPlace, mark: PageMark): void {
    this.#marks.set(keyOf(place, mark.seq), mark);
    if (this.#marks.size <= most) return;
    const [oldest] = this.#marks.keys();
    if (oldest !== undefined) this.#marks.delete(oldest);
  }
}

const most = 256;

function keyOf({ run, step }: StepPlace, seq: number): string {
  return `${run}/${step}/${seq}`;
}
