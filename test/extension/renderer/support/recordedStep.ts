import type { OutputSource } from '../../../../extension/notebook/outputBridge';
import type { ParamsOf } from '../../../../agent/protocol/message';
import { HandrailError } from '../../../../agent/protocol/errors';
import {
  exportOutput,
  readOutput,
  resizeTerminal,
  writeInput,
  type OutputPiece,
  type Stream,
} from '../../../../agent/protocol/output';
import { getRun, type StepRecord } from '../../../../agent/protocol/runs';

type PageParams = ParamsOf<typeof readOutput>;
type Listener<T> = (value: T) => unknown;

/** One step of one run `r1`, kept in memory and read as the agent gives it: an {@link OutputSource} that tests feed. */
export class RecordedStep implements OutputSource {
  readonly requests: { method: string; params: Record<string, unknown> }[] = [];
  readonly #pieces: OutputPiece[] = [];
  readonly #changed = new Set<Listener<{ run: string; step: number; record?: StepRecord }>>();
  readonly #connected = new Set<Listener<void>>();
  #cutBefore: number | undefined;
  #cutBytes = 0;
  #failure: Error | undefined;
  record: StepRecord;

  constructor(changes: Partial<StepRecord> = {}) {
    const key = { section: '', hash: '0', ordinal: 0, index: 0 };
    const fixed = {
      index: 0,
      name: 'restart',
      key,
      language: 'bash',
      line: 12,
      section: [],
      text: 'true',
      attempt: 1,
    };
    const live = { state: 'running', startedAt: 1000, tty: false, outputSeq: 0, outputBytes: 0 } as const;
    this.record = { ...fixed, ...live, ...changes };
  }

  readonly onStepChanged = (listener: Listener<{ run: string; step: number; record?: StepRecord }>) =>
    subscribe(this.#changed, listener);
  readonly onConnected = (listener: Listener<void>) => subscribe(this.#connected, listener);

  /** Appends a chunk without telling anyone. */
  append(stream: Stream, data: string | Uint8Array, time = Date.now()): void {
    const bytes = Buffer.from(data as string);
    this.#pieces.push({ seq: this.#pieces.length + 1, stream, time, data: bytes.toString('base64') });
  }

  print(stream: Stream, data: string | Uint8Array): void {
    this.append(stream, data);
    this.#tell({ run: 'r1', step: 0 });
  }

  end(changes: Partial<StepRecord>): void {
    this.record = { ...this.record, endedAt: 1400, ...changes };
    this.#tell({ run: 'r1', step: 0, record: this.record });
  }

  /** The next chunk stands behind a gap. */
  cut(bytes: number): void {
    this.#cutBefore = this.#pieces.length;
    this.#cutBytes = bytes;
  }

  fail(error: Error | undefined): void {
    this.#failure = error;
    if (!error) for (const listener of this.#connected) listener();
  }

  count(method: string): number {
    return this.requests.filter(request => request.method === method).length;
  }

  async request(type: { method: string }, params: unknown): Promise<never> {
    this.requests.push({ method: type.method, params: { ...(params as object) } });
    await Promise.resolve();
    if (this.#failure) throw this.#failure;
    return this.#answer(type.method, params as PageParams) as never;
  }

  #answer(method: string, params: PageParams): unknown {
    if (method === readOutput.method) return this.#page(params);
    if (method === getRun.method) return { run: { steps: [this.record] } };
    if (method === writeInput.method || method === resizeTerminal.method) return {};
    if (method === exportOutput.method) return { path: '/x' };
    throw new HandrailError('notFound', method);
  }

  #page({ after, maxBytes = 256 * 1024, passOver }: PageParams): unknown {
    const target = passOver ? this.#nearEnd(after, passOver) : after;
    const skippedBytes = sizeOf(this.#pieces.slice(after, target));
    const pieces: OutputPiece[] = [];
    let cutBytes = 0;
    for (const piece of this.#pieces.slice(target)) {
      const gap = piece.seq - 1 === this.#cutBefore;
      if (gap && pieces.length > 0) break;
      if (gap) cutBytes = this.#cutBytes;
      if (pieces.length > 0 && sizeOf([...pieces, piece]) > maxBytes) break;
      pieces.push(piece);
    }
    const seq = pieces.at(-1)?.seq ?? after;
    const more = seq < this.#pieces.length;
    return { pieces, seq, cutBytes, skippedBytes, more, ended: this.record.endedAt !== undefined && !more };
  }

  #nearEnd(after: number, { over, keep }: { over: number; keep: number }): number {
    if (sizeOf(this.#pieces.slice(after)) <= over) return after;
    let target = this.#pieces.length;
    for (let kept = 0; kept < keep && target > after; target--)
      kept += sizeOf(this.#pieces.slice(target - 1, target));
    return target;
  }

  #tell(change: { run: string; step: number; record?: StepRecord }): void {
    for (const listener of this.#changed) listener(change);
  }
}

function subscribe<T>(listeners: Set<Listener<T>>, listener: Listener<T>): { dispose(): void } {
  listeners.add(listener);
  return { dispose: () => void listeners.delete(listener) };
}

function sizeOf(pieces: readonly OutputPiece[]): number {
  return pieces.reduce((sum, { data }) => sum + Buffer.byteLength(data, 'base64'), 0);
}
