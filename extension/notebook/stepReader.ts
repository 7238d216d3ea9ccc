import { HandrailError } from '../../agent/protocol/errors';
import type { ResultOf } from '../../agent/protocol/message';
import { readOutput } from '../../agent/protocol/output';
import { getRun, type StepRecord } from '../../agent/protocol/runs';
import { errorText } from '../agent/errorText';
import { type HostMessage, type PageEntry, stepStatus } from '../renderer/messages';
import type { OutputSource } from './outputBridge';

/** Of one message to a renderer: decoded in a few milliseconds by each window it passes through. Bytes. */
const pageBytes = 256 * 1024;
/** What is kept of a backlog is more than a terminal's scrollback holds of ordinary lines. */
const passOver = { over: 4 * 1024 * 1024, keep: 2 * 1024 * 1024 };

/** Reads one step for one output: a question is answered when there is something to tell, and only then. */
export class StepReader {
  readonly run: string;
  readonly step: number;
  readonly #id: string;
  readonly #source: Pick<OutputSource, 'request'>;
  readonly #post: (message: HostMessage) => void;
  /** The question that waits for its answer. */
  #after: number | undefined;
  #reading = false;
  /** Something changed while a page was on its way. */
  #stale = false;
  #endTold = false;
  #gone = false;
  #disposed = false;

  constructor(
    id: string,
    step: { readonly run: string; readonly step: number },
    source: Pick<OutputSource, 'request'>,
    post: (message: HostMessage) => void,
  ) {
    this.#id = id;
    this.run = step.run;
    this.step = step.step;
    this.#source = source;
    this.#post = post;
  }

  /** The output has everything up to `after` and wants more. */
  ask(after: number): void {
    this.#after = after;
    this.#stale = true;
    void this.#read();
  }

  /** There may be new output; `record` is the step's newest. */
  wake(record?: StepRecord): void {
    if (record) this.#tell(record);
    this.#stale = true;
    void this.#read();
  }

  dispose(): void {
    this.#disposed = true;
  }

  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#stale && this.#after !== undefined && !this.#disposed) {
        this.#stale = false;
        await this.#readPage(this.#after);
      }
    } catch (error) {
      this.#report(error);
    } finally {
      this.#reading = false;
    }
  }

  async #readPage(after: number): Promise<void> {
    const { run, step } = this;
    const wanted = { run, step, after, maxBytes: pageBytes, passOver };
    const page = await this.#source.request(readOutput, wanted);
    if (this.#disposed) return;
    this.#back();
    if (page.ended) await this.#tellEnd();
    // Asked anew from another place meanwhile: this page is for nobody.
    if (this.#after !== after || (page.pieces.length === 0 && !page.ended)) return;
    this.#after = undefined;
    this.#post({ type: 'page', reader: this.#id, after, entries: entriesOf(page, after), ...endOf(page) });
  }

  /** An output must learn how its step ended even if nothing was watching when it did (window reload). */
  async #tellEnd(): Promise<void> {
    if (this.#endTold) return;
    const { run } = await this.#source.request(getRun, { run: this.run });
    const record = run.steps.find(({ index }) => index === this.step);
    if (record && !this.#disposed) this.#tell(record);
  }

  #tell(record: StepRecord): void {
    if (record.state !== 'running' && record.state !== 'pending') this.#endTold = true;
    this.#post({ type: 'status', reader: this.#id, status: stepStatus(record) });
  }

  #back(): void {
    if (this.#gone) this.#post({ type: 'back', reader: this.#id });
    this.#gone = false;
  }

  #report(error: unknown): void {
    if (this.#disposed) return;
    this.#gone = true;
    const forgotten = error instanceof HandrailError && error.code === 'notFound';
    const reason = forgotten ? 'This run is not in the history any more.' : errorText(error);
    this.#post({ type: 'gone', reader: this.#id, reason, retry: !forgotten });
  }
}

function entriesOf(page: ResultOf<typeof readOutput>, seq: number): PageEntry[] {
  const entries: PageEntry[] = [];
  if (page.skippedBytes > 0) entries.push({ missing: 'skipped', bytes: page.skippedBytes, seq });
  if (page.cutBytes > 0) entries.push({ missing: 'cut', bytes: page.cutBytes, seq });
  return [...entries, ...page.pieces];
}

function endOf({ seq, ended }: ResultOf<typeof readOutput>): { seq: number; ended: boolean } {
  return { seq, ended };
}
