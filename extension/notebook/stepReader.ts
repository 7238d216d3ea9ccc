import { HandrailError } from '../../agent/protocol/errors';
import type { ResultOf } from '../../agent/protocol/message';
import { readOutput } from '../../agent/protocol/output';
import { getRun, type StepRecord } from '../../agent/protocol/runs';
import { type HostMessage, stepStatus } from '../renderer/messages';
import { errorText } from '../agent/errorText';
import { Backlog } from './backlog';
import type { OutputSource } from './outputBridge';

/** Of one message to a renderer: decoded in a few milliseconds by each window it passes through. Bytes. */
const pageBytes = 256 * 1024;

/**
 * Reads one step for one output. A question is answered when there is something to tell; while the step prints faster
 * than the output takes it, reading goes on ahead, so that the output can be told what it has to pass over.
 */
export class StepReader {
  readonly run: string;
  readonly step: number;
  readonly #id: string;
  readonly #source: Pick<OutputSource, 'request'>;
  readonly #post: (message: HostMessage) => void;
  #backlog = new Backlog(0);
  #wanted = false;
  #reading = false;
  /** Something changed while a page was on its way. */
  #stale = false;
  #statusSent = false;
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
    if (after !== this.#backlog.sent) this.#backlog = new Backlog(after);
    this.#wanted = true;
    this.#answer();
    if (this.#wanted) void this.#read();
  }

  /** There may be new output; `record` is the step's newest. */
  wake(record?: StepRecord): void {
    if (record) this.#tell(record);
    if (this.#reading) this.#stale = true;
    else if (this.#wanted) void this.#read();
  }

  dispose(): void {
    this.#disposed = true;
  }

  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      let more = true;
      while (more && !this.#disposed) more = await this.#readPage();
    } catch (error) {
      this.#report(error);
    } finally {
      this.#reading = false;
    }
  }

  async #readPage(): Promise<boolean> {
    const backlog = this.#backlog;
    this.#stale = false;
    const { run, step } = this;
    const page = await this.#source.request(readOutput, {
      run,
      step,
      after: backlog.read,
      maxBytes: pageBytes,
    });
    if (this.#disposed) return false;
    this.#back();
    // Asked anew from another place meanwhile: this page is for nobody.
    if (backlog !== this.#backlog) return true;
    backlog.add(page);
    if (page.ended && !page.more) await this.#tellEnd();
    this.#answer();
    return page.more || this.#changedMeanwhile(page);
  }

  #changedMeanwhile(page: ResultOf<typeof readOutput>): boolean {
    return this.#stale && !page.ended && this.#wanted;
  }

  #answer(): void {
    if (!this.#wanted || this.#disposed) return;
    const page = this.#backlog.take(pageBytes);
    if (!page) return;
    this.#wanted = false;
    this.#post({ type: 'page', reader: this.#id, ...page });
  }

  /** An output must learn how its step ended even if nothing was watching when it did (window reload). */
  async #tellEnd(): Promise<void> {
    if (this.#statusSent) return;
    const { run } = await this.#source.request(getRun, { run: this.run });
    const record = run.steps.find(({ index }) => index === this.step);
    if (record && !this.#disposed) this.#tell(record);
  }

  #tell(record: StepRecord): void {
    if (record.state !== 'running' && record.state !== 'pending') this.#statusSent = true;
    this.#post({ type: 'status', reader: this.#id, status: stepStatus(record) });
  }

  #back(): void {
    if (this.#gone) this.#post({ type: 'back', reader: this.#id });
    this.#gone = false;
  }

  #report(error: unknown): void {
    if (this.#disposed) return;
    this.#gone = true;
    const refused = error instanceof HandrailError;
    const gone = refused && error.code === 'notFound';
    const reason = gone ? 'This run is not in the history any more.' : errorText(error);
    this.#post({ type: 'gone', reader: this.#id, reason, retry: !gone });
  }
}
