import type { HostMessage, PageEntry, RendererMessage, StepStatus } from './messages';

/** Where a reader puts what it gets. */
export interface OutputSink {
  /** Settles once the sink wants more. Entries are taken in the order of the calls. */
  take(entries: readonly PageEntry[]): Promise<void>;
  /** All output is there. */
  end(): void;
  status(status: StepStatus): void;
  /** Output cannot be had for now (`retry`) or ever; undefined: it can again. */
  gone(problem: { reason: string; retry: boolean } | undefined): void;
}

/**
 * Pulls one step's output: asks after what it holds, takes the page, asks again. It asks nothing while it rests (its
 * output is off screen) and holds its place for ever, so nothing is missing or doubled however often it is woken.
 */
export class OutputReader {
  #seq = 0;
  #resting = true;
  #taking = false;
  #ended = false;
  readonly #id: string;
  readonly #step: { readonly run: string; readonly step: number };
  readonly #post: (message: RendererMessage) => void;
  readonly #sink: OutputSink;

  constructor(
    id: string,
    step: { readonly run: string; readonly step: number },
    post: (message: RendererMessage) => void,
    sink: OutputSink,
  ) {
    this.#id = id;
    this.#step = { run: step.run, step: step.step };
    this.#post = post;
    this.#sink = sink;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Asks, again if need be: whoever had the last question may not be there any more. */
  wake(): void {
    this.#resting = false;
    if (!this.#taking) this.#ask();
  }

  rest(): void {
    if (this.#resting) return;
    this.#resting = true;
    this.#post({ type: 'rest', reader: this.#id });
  }

  async receive(message: HostMessage): Promise<void> {
    if (message.reader !== this.#id) return;
    if (message.type === 'status') return this.#sink.status(message.status);
    if (message.type === 'gone') return this.#sink.gone({ reason: message.reason, retry: message.retry });
    if (message.type === 'back') return this.#sink.gone(undefined);
    if (message.after !== this.#seq || this.#taking || this.#ended) return;
    this.#sink.gone(undefined);
    this.#seq = message.seq;
    this.#ended = message.ended;
    this.#taking = true;
    try {
      await this.#sink.take(message.entries);
    } finally {
      this.#taking = false;
    }
    if (message.ended) this.#sink.end();
    else if (!this.#resting) this.#ask();
  }

  #ask(): void {
    if (!this.#ended) this.#post({ type: 'read', reader: this.#id, ...this.#step, after: this.#seq });
  }
}
