import { startPull } from '../registry/startPull';
import { type OpenEngine, wordEngine } from './openEngine';

/** A line of an engine's answer to a pull. */
interface PullLine {
  readonly id?: string;
  readonly status?: string;
  readonly error?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

/** How often a person is told how far it is. Milliseconds. */
const interval = 5000;

/** Pulls an image that is not there. Rejects with an Error for a person. */
export async function pullForCell(
  engine: OpenEngine,
  reference: string,
  env: Readonly<Record<string, string>>,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  say(`image ${reference} is not there: pulling it`);
  const failed = `image ${reference} cannot be pulled`;
  const stream = await startPull(engine.docker, reference, env).catch((error: unknown) => {
    throw new Error(wordEngine(engine, failed, error), { cause: error });
  });
  const stop = (): void => void stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  const layers = new Map<string, { current: number; total: number }>();
  let told = performance.now();
  try {
    await eachLine(stream, line => {
      if (line.error !== undefined) throw new Error(`${failed}: ${line.error}`);
      const { current = 0, total = 0 } = line.progressDetail ?? {};
      if (line.id !== undefined && total > 0) layers.set(line.id, { current, total });
      if (performance.now() - told < interval) return;
      told = performance.now();
      say(`pulling image ${reference}: ${wordProgress([...layers.values()])}`);
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function eachLine(stream: NodeJS.ReadableStream, take: (line: PullLine) => void): Promise<void> {
  let rest = '';
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') take(JSON.parse(line) as PullLine);
  }
}

function wordProgress(layers: readonly { current: number; total: number }[]): string {
  const sum = (key: 'current' | 'total'): string =>
    (layers.reduce((all, layer) => all + layer[key], 0) / 1e6).toFixed(0);
  return `${sum('current')} of ${sum('total')} MB`;
}
