import type { Stream } from '../../protocol/output';
import type { OutputSink } from '../executor';
import { scanFor, type MarkerScanner } from '../process/endMarker';

/** Output of one cell of an interpreter that lives on: everything up to the marker on each stream. */
export interface CellOutput extends OutputSink {
  /** Told once when the sink cannot take the output. */
  onFailure(act: () => void): void;
  /** Why the sink could not. */
  readonly failure: string | undefined;
  /** Settles when the marker has come on every stream and what was before it has been handed on. */
  readonly complete: Promise<void>;
  /** Waits for that, though not for ever; `noMore`: what is held back is handed on instead. */
  finish(noMore: boolean): Promise<void>;
}

/** A cell may have closed or redirected what the marker comes through. Milliseconds. */
const markerDeadline = 1000;

/** `streams`: those that the marker will come on. */
export function cellOutput(marker: string, streams: readonly Stream[], sink: OutputSink): CellOutput {
  const scanners = new Map<Stream, MarkerScanner>(streams.map(stream => [stream, scanFor(marker)]));
  let failure: string | undefined;
  let act: (() => void) | undefined;
  let complete: () => void = () => undefined;
  const found = new Promise<void>(resolve => (complete = resolve));
  const fail = (error: unknown): void => {
    if (failure !== undefined) return;
    failure = `The output could not be taken, so the cell was ended: ${String(error)}`;
    act?.();
  };
  const pass = async (stream: Stream, bytes: Uint8Array): Promise<void> => {
    try {
      await sink.write(stream, bytes);
    } catch (error) {
      fail(error);
    }
  };
  return {
    write(stream, bytes) {
      const scanner = scanners.get(stream);
      const printed = scanner === undefined ? bytes : scanner.scan(bytes);
      const done = printed.length > 0 && failure === undefined ? pass(stream, printed) : undefined;
      if ([...scanners.values()].every(each => each.found)) {
        if (done === undefined) complete();
        else void done.then(complete);
      }
      return done;
    },
    complete: found,
    onFailure: then => void (act = then),
    get failure() {
      return failure;
    },
    async finish(noMore) {
      if (!noMore) await withDeadline(found);
      for (const [stream, scanner] of scanners) {
        const rest = scanner.rest();
        if (rest.length > 0) await pass(stream, rest);
      }
    },
  };
}

async function withDeadline(promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>(resolve => (timer = setTimeout(resolve, markerDeadline)));
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
