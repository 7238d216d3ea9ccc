import type Docker from 'dockerode';
import type { Readable } from 'node:stream';
import type { PullProgress } from '../../protocol/containerActions';
import type { StreamSink, StreamSource } from '../../byteStream';
import { cut } from '../../text/cut';
import { startPull } from '../registry/startPull';
import { TextLines } from '../../text/textLines';

/** A line of an engine's answer to a pull. */
interface PullLine {
  readonly id?: string;
  readonly status?: string;
  readonly error?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

/** Milliseconds between two reports. */
const interval = 100;

/**
 * Pulls an image, with progress as lines of JSON: {@link PullProgress}. Rejects where the engine refuses at once; what
 * goes wrong later is the stream's end.
 */
export async function pull(
  docker: Docker,
  reference: string,
  env: Readonly<Record<string, string>>,
  sink: StreamSink,
): Promise<{ source: StreamSource; ended: Promise<void> }> {
  const stream = await startPull(docker, reference, env);
  const source: StreamSource = {
    write: () => undefined,
    resize: () => undefined,
    close: () => void stream.destroy(new Error('The pull was cancelled')),
  };
  const ended = carry(stream, sink).then(
    () => sink.end({ exit: 0 }),
    (error: unknown) => {
      sink.end({ message: cut((error as Error).message, 1000) });
      throw error;
    },
  );
  ended.catch(() => undefined);
  return { source, ended };
}

async function carry(stream: Readable, sink: StreamSink): Promise<void> {
  const lines = new TextLines();
  const layers = new Layers();
  let toldAt = -Infinity;
  const tell = (): Promise<void> => {
    toldAt = performance.now();
    return sink.send('out', Buffer.from(`${JSON.stringify(layers.progress)}\n`));
  };
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    for (const line of lines.read(chunk)) layers.take(JSON.parse(line) as PullLine);
    if (performance.now() - toldAt >= interval) await tell();
  }
  await tell();
}

/** How far each layer is. */
class Layers {
  readonly #layers = new Map<string, { done: number; total: number; isDone: boolean }>();
  #text = '';

  get progress(): PullProgress {
    const all = [...this.#layers.values()];
    return {
      text: this.#text,
      layers: all.length,
      layersDone: all.filter(({ isDone }) => isDone).length,
      done: all.reduce((sum, { done }) => sum + done, 0),
      total: all.reduce((sum, { total }) => sum + total, 0),
    };
  }

  /** Throws what the engine says went wrong. */
  take({ id, status = '', error, progressDetail: { current, total } = {} }: PullLine): void {
    if (error !== undefined) throw new Error(error);
    this.#text = cut(id === undefined ? status : `${id}: ${status}`, 300);
    if (id === undefined || !isOfLayer.test(status)) return;
    const layer = this.#layers.get(id) ?? { done: 0, total: 0, isDone: false };
    this.#layers.set(id, layer);
    layer.isDone = /^(Pull complete|Already exists|Download complete)/.test(status);
    if (status !== 'Downloading') {
      if (layer.isDone) layer.done = layer.total;
      return;
    }
    layer.total = Math.max(layer.total, total ?? 0);
    layer.done = current ?? layer.done;
  }
}

const isOfLayer =
  /^(Pulling fs layer|Waiting|Downloading|Verifying|Download complete|Extracting|Pull complete|Already exists)/;
